"""Cuts a delivered file into records with their line numbers, one chunk after the other, in flat memory (RFC 4180)."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple

from accounts.registry.importing.refusal import FileRefused

LONGEST_LINE = 16 * 1024
LINES_IN_A_RECORD = 16
RECORDS_IN_A_CHUNK = 2000
BLOCK = 128 * 1024
BLANKS = " \t\v\f"
BOM = b"\xef\xbb\xbf"

Record = tuple[int, bytes]


class Block(NamedTuple):
    """Whole lines without a quote, as they stand in the file: each is a record, and whoever reads them cuts them."""

    first: int
    body: bytes


Chunk = Block | list[Record]


def open_header(file: BinaryIO, columns: tuple[str, ...]) -> None:
    """The first line names the columns, all of them and in their order."""
    line = file.readline(LONGEST_LINE).removeprefix(BOM)
    try:
        found = next(csv.reader([line.decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise FileRefused("wrong_header") from None
    if tuple(found) != columns:
        raise FileRefused("wrong_header")


def chunks(file: BinaryIO, width: int) -> Iterator[Chunk]:
    """The records after the header, many at a time; only where quotes stand are they cut here."""
    lines = Lines(file)
    found = records(lines, width)
    while chunk := lines.block() or list(islice(found, RECORDS_IN_A_CHUNK)):
        yield chunk


def opened(chunk: Chunk) -> Iterable[tuple[int, bytes | str]]:
    """The records of a chunk: as text when a comma always parts two values, as bytes when one has to look closer."""
    if isinstance(chunk, list):
        return chunk
    with suppress(UnicodeDecodeError):
        text = chunk.body.decode()
        if "\r" not in text and "\0" not in text:
            return (record for record in enumerate(text.split("\n"), chunk.first) if record[1].strip(BLANKS))
    return (record for record in enumerate(chunk.body.split(b"\n"), chunk.first) if record[1].strip())


def records(lines: "Lines", width: int) -> Iterator[Record]:
    """A record is a line, or several when a quoted value holds line breaks; a stray quote costs its own line only."""
    for number, line in lines:
        if line.count(b'"') % 2:
            yield number, _quoted(line, lines, width)
        elif line.strip():
            yield number, line


def _quoted(first: bytes, lines: "Lines", width: int) -> bytes:
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


class Lines:
    """The lines of a file with their numbers, some of which can be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.pieces = iter(partial(file.readline, LONGEST_LINE), b"")
        self.returned: deque[Record] = deque()
        self.number = 1

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> Record:
        if self.returned:
            return self.returned.popleft()
        piece = next(self.pieces)
        self.number += 1
        if len(piece) == LONGEST_LINE and not piece.endswith(b"\n"):
            self._skip_rest()
        return self.number, piece

    def block(self) -> Block | None:
        """The next lines at once; None, and nothing taken, when there is a quote among them or one does not end."""
        if self.returned:
            return None
        start, first = self.file.tell(), self.number + 1
        body = self.file.read(BLOCK) + self.file.readline(LONGEST_LINE)
        if b'"' in body or not body.endswith(b"\n"):
            self.file.seek(start)
            return None
        self.number += body.count(b"\n")
        return Block(first, body)

    def give_back(self, taken: list[Record]) -> None:
        self.returned.extendleft(reversed(taken))

    def _skip_rest(self) -> None:
        """What is cut here is longer than any value may be: the reader of its columns refuses it."""
        for piece in self.pieces:
            if piece.endswith(b"\n"):
                return
