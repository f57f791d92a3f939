"""The forms of the member's pages."""
