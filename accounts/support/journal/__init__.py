"""The journal at the desk: read, searched, exported, verified; never changed."""

from accounts.support.journal import export, lines, verification

__all__ = ["export", "lines", "verification"]
