"""The support desk: Django's admin behind a door of our own, for agents with a role and a second factor."""

from accounts.support.desk import site

__all__ = ["site"]
