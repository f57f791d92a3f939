"""THE OUTSIDE: OpenID Connect, with FranceConnect and with any other relying party."""
