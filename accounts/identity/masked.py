"""Owns the silence of values in logs and tracebacks."""


class Masked:
    """A value whose repr, hence str, tells its type and nothing of the person."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(•••)"
