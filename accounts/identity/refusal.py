"""Owns the one way a value says no: a code for the program, parameters for the sentence, never the text typed."""

from collections.abc import Mapping


class ValueRefused(ValueError):
    """What was typed cannot be this value, and the code says why."""

    def __init__(self, code: str, params: Mapping[str, int | str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})
