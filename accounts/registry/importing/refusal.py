"""How the import says no: to one line, or to a whole file."""

from typing import NamedTuple


class Reject(NamedTuple):
    """One line left out: where it stands and why, never what it says."""

    line: int
    column: str
    code: str


class LineRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """One line cannot be loaded; the others can."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(f"{column}: {code}")
        self.column = column
        self.code = code


class FileRefused(Exception):  # noqa: N818
    """Nothing of a file can be loaded."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
