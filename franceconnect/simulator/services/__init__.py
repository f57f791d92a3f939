"""Two services of the hub, to see from outside what FranceConnect tells (J11 to J14, I17)."""
