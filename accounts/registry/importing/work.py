"""Turns chunks of records into staged rows, in two processes when a file is large; the order is kept and memory is flat."""

import csv
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import gt
from typing import Any

import django

from accounts.registry.importing.lines import Record
from accounts.registry.importing.refusal import LineRefused, Reject

PROCESSES = 2
# Enough to keep the processes busy while the database takes a batch, and no more.
CHUNKS_UNDER_WAY = 6

# The delivery's name rather than the delivery: a process started afresh finds its own.
Work = Callable[[list[Record]], "Batch"]


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

    def __call__(self, chunk: list[Record]) -> Batch:
        rows: list[tuple[object, ...]] = []
        rejects: list[Reject] = []
        longest = tuple(self.columns.values())
        for line, record in chunk:
            try:
                rows.append((line, *self.read(self._fields(record, longest), self.today)))
            except LineRefused as refused:
                rejects.append(Reject(line, refused.column, refused.code))
        return Batch(self.encode(rows), rejects)

    def _fields(self, record: bytes, longest: tuple[int, ...]) -> list[str]:
        fields = parse(record)
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
        fields = next(csv.reader((text,), strict=True))
    except UnicodeDecodeError:
        raise LineRefused("", "not_utf8") from None
    except csv.Error:
        raise LineRefused("", "broken_quotes") from None
    if "\0" in text:
        raise LineRefused("", "null_character")
    return fields


@contextmanager
def workers(wanted: bool) -> Iterator[Callable[[Work, Iterable[list[Record]]], Iterator[Batch]]]:
    """A way to map work over chunks. Spawned, not forked: a child must not hold this process's database connection."""
    if not wanted:
        yield map
        return
    with multiprocessing.get_context("spawn").Pool(PROCESSES, initializer=django.setup) as pool:
        yield lambda work, chunks: _in_order(pool, work, chunks)


def _in_order(pool: Any, work: Work, chunks: Iterable[list[Record]]) -> Iterator[Batch]:
    """Pool.imap would read the whole file ahead; here a chunk is read when one has come back."""
    chunks = iter(chunks)
    under_way = deque(pool.apply_async(work, (chunk,)) for chunk in islice(chunks, CHUNKS_UNDER_WAY))
    while under_way:
        batch = under_way.popleft().get()
        under_way.extend(pool.apply_async(work, (chunk,)) for chunk in islice(chunks, 1))
        yield batch
