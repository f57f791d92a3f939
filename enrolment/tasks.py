"""Makes a worker know what this room answers beside the requests."""

from enrolment import completion

__all__ = ["completion"]
