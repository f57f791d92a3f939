"""FranceConnect as a client of MSA's own OpenID provider (facts A1 to A8)."""
