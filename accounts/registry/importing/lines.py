"""Cuts a delivered file into records with their line numbers, one chunk after the other, in flat memory (RFC 4180)."""

import csv
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from accounts.registry.importing.refusal import FileRefused

Record = tuple[int, bytes]

LONGEST_LINE = 16 * 1024
LINES_IN_A_RECORD = 16
RECORDS_IN_A_CHUNK = 2000
BOM = b"\xef\xbb\xbf"


def open_header(file: BinaryIO, columns: tuple[str, ...]) -> None:
    """The first line names the columns, all of them and in their order."""
    line = file.readline(LONGEST_LINE).removeprefix(BOM)
    try:
        found = next(csv.reader([line.decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise FileRefused("wrong_header") from None
    if tuple(found) != columns:
        raise FileRefused("wrong_header")


def chunks(file: BinaryIO, width: int) -> Iterator[list[Record]]:
    """The records after the header, in lists to be worked on at once."""
    found = records(file, width)
    while chunk := list(islice(found, RECORDS_IN_A_CHUNK)):
        yield chunk


def records(file: BinaryIO, width: int) -> Iterator[Record]:
    """A record is a line, or several when a quoted value holds line breaks; a stray quote costs its own line only."""
    lines = _Lines(file)
    for number, line in lines:
        if line.count(b'"') % 2:
            yield number, _quoted(line, lines, width)
        elif line.strip():
            yield number, line


def _quoted(first: bytes, lines: "_Lines", width: int) -> bytes:
    """The record that a line with an open quote begins; that line alone when no whole record comes of it."""
    taken: list[Record] = []
    record = first
    for number, line in islice(lines, LINES_IN_A_RECORD):
        taken.append((number, line))
        record += line
        if line.count(b'"') % 2:
            if is_whole(record, width):
                return record
            break
    lines.give_back(taken)
    return first


def is_whole(record: bytes, width: int) -> bool:
    try:
        parsed = list(csv.reader([record.decode(errors="replace")], strict=True))
    except csv.Error:
        return False
    return len(parsed) == 1 and len(parsed[0]) == width


class _Lines:
    """The lines of a file with their numbers, some of which can be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self.pieces = iter(partial(file.readline, LONGEST_LINE), b"")
        self.returned: deque[Record] = deque()
        self.number = 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> Record:
        if self.returned:
            return self.returned.popleft()
        piece = next(self.pieces)
        self.number += 1
        if len(piece) == LONGEST_LINE and not piece.endswith(b"\n"):
            self._skip_rest()
        return self.number, piece

    def give_back(self, taken: list[Record]) -> None:
        self.returned.extendleft(reversed(taken))

    def _skip_rest(self) -> None:
        """What is cut here is longer than any value may be: the reader of its columns refuses it."""
        for piece in self.pieces:
            if piece.endswith(b"\n"):
                return
