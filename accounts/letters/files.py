"""Files that appear whole or not at all, readable by their owner only: letters hold names and secrets."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

Answer = TypeVar("Answer")
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def write(path: Path, fill: Callable[[BinaryIO], Answer]) -> Answer:
    """Fill a file and wait until the disk has it."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, PRIVATE_FILE), "wb") as file:
        answer = fill(file)
        file.flush()
        os.fsync(file.fileno())
    return answer


def rename(source: Path, target: Path) -> None:
    """In one step, and the folder remembers it through a power cut."""
    os.replace(source, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Busy(Exception):
    """Another process prints into this folder."""


@contextmanager
def alone_in(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """No other process prints into this folder meanwhile; a process that dies lets go by itself.

    Waits for it; or raises Busy, for whoever has something better to do than to stand there.
    """
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy(folder) from None
        yield
    finally:
        os.close(handle)
