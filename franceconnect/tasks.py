"""What the worker has to know of this room: the messages that are written beside the requests."""

from franceconnect import notices  # noqa: F401  what it answers is answered here
