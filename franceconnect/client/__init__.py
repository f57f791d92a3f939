"""FranceConnect as our members' way in: MSA is its service (I01 to I23, facts B)."""
