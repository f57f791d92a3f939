"""FranceConnect as an OpenID provider of its services (facts B1 to B5)."""
