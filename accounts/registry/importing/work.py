"""Turns chunks of records into staged rows, in two processes for a large file; order is kept and memory is flat."""

import csv
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing.pool import Pool
from operator import gt
from typing import Any, Self

import django

from accounts.registry.importing.lines import Chunk, opened
from accounts.registry.importing.refusal import LineRefused, Reject

PROCESSES = 2
# Enough to keep the processes busy while the database takes a batch, and no more.
CHUNKS_UNDER_WAY = 6

Work = Callable[[Chunk], "Batch"]


@dataclass(frozen=True)
class Batch:
    """What one chunk became: rows as the database wants them, and the lines left out."""

    rows: Any
    rejects: list[Reject]


@dataclass(frozen=True)
class Reading:
    """How to read the records of one delivery."""

    columns: dict[str, int]
    read: Callable[[list[str], date], tuple[object, ...]]
    encode: Callable[[Iterable[tuple[object, ...]]], Any]
    today: date

    def __call__(self, chunk: Chunk) -> Batch:
        rows: list[tuple[object, ...]] = []
        rejects: list[Reject] = []
        longest = tuple(self.columns.values())
        for line, record in opened(chunk):
            try:
                rows.append((line, *self.read(self._fields(record, longest), self.today)))
            except LineRefused as refused:
                rejects.append(Reject(line, refused.column, refused.code))
        return Batch(self.encode(rows), rejects)

    def _fields(self, record: bytes | str, longest: tuple[int, ...]) -> list[str]:
        fields = record.split(",") if isinstance(record, str) else parse(record)
        if len(fields) != len(longest):
            raise LineRefused("", "wrong_number_of_values")
        if any(map(gt, map(len, fields), longest)):
            column = next(
                name for name, value in zip(self.columns, fields, strict=True) if len(value) > self.columns[name]
            )
            raise LineRefused(column, "too_long")
        return fields


def parse(record: bytes) -> list[str]:
    try:
        text = record.decode()
        # Most lines have nothing to unquote, and a split is three times as quick as a reader.
        is_plain = '"' not in text and "\r" not in text
        fields = text.rstrip("\n").split(",") if is_plain else next(csv.reader((text,), strict=True))
    except UnicodeDecodeError:
        raise LineRefused("", "not_utf8") from None
    except csv.Error:
        raise LineRefused("", "broken_quotes") from None
    if "\0" in text:
        raise LineRefused("", "null_character")
    return fields


class Workers:
    """Maps work over chunks, in this process or, for a large file, in two more that then stay for the next file.

    They are spawned, not forked: a child must not hold this process's database connection.
    """

    def __init__(self) -> None:
        self.pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.pool:
            self.pool.terminate()
            self.pool.join()

    def map(self, work: Work, chunks: Iterable[Chunk], *, large: bool) -> Iterator[Batch]:
        if not large:
            return map(work, chunks)
        self.pool = self.pool or multiprocessing.get_context("spawn").Pool(PROCESSES, initializer=django.setup)
        return _in_order(self.pool, work, chunks)


def _in_order(pool: Pool, work: Work, chunks: Iterable[Chunk]) -> Iterator[Batch]:
    """Pool.imap would read the whole file ahead; here a chunk is read when one has come back."""
    chunks = iter(chunks)
    under_way = deque(pool.apply_async(work, (chunk,)) for chunk in islice(chunks, CHUNKS_UNDER_WAY))
    while under_way:
        batch = under_way.popleft().get()
        under_way.extend(pool.apply_async(work, (chunk,)) for chunk in islice(chunks, 1))
        yield batch
