"""A progress bar on a terminal, silence elsewhere."""

import time
from typing import Protocol, TextIO

WIDTH = 30
SECONDS_BETWEEN = 0.2


class Progress(Protocol):
    """Told how far a piece of work has come."""

    def __call__(self, label: str, done: int, total: int) -> None: ...


def silent(label: str, done: int, total: int) -> None:
    """For whoever does not watch."""


class Bar:
    """One line of a terminal, drawn again a few times a second."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.drawn_at = 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.drawn_at < SECONDS_BETWEEN and done < total:
            return
        self.drawn_at = now
        share = done / total if total else 1.0
        filled = "█" * round(share * WIDTH)
        self.stream.write(f"\r{label:<16} {filled:<{WIDTH}} {share:4.0%}")
        self.stream.write("\n" if done >= total else "")
        self.stream.flush()


def for_terminal(stream: TextIO) -> Progress:
    return Bar(stream) if stream.isatty() else silent
