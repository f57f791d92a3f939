"""The member's own pages about FranceConnect and connected services."""
