"""A FranceConnect to play with: hub, identity providers, two services. A process of its own, never in production.

It behaves as facts B and F say, holds everything in memory and shares no row and no code with `client` or `provider`.
"""
