"""What the portal says to its log, heard before anything is taken out of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Ear(logging.Handler):
    """Hears every line, with all that hangs on it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__} {logging.Formatter().format(record)}")


@contextmanager
def listening(level: int = logging.NOTSET) -> Iterator[Ear]:
    """First in line, so that no filter was there before; from `level` on, or as the settings have it."""
    ear, root = Ear(), logging.getLogger()
    before = root.level
    root.handlers.insert(0, ear)
    if level:
        root.setLevel(level)
    try:
        yield ear
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
