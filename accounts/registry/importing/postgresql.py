"""PostgreSQL's side of the import: binary COPY into the staging table, and a first load without indexes to keep up."""

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from django.db import connection

from accounts.registry.importing.deliveries import Delivery, Kind

TYPES = {
    Kind.BYTES: "bytea",
    Kind.TEXT: "text",
    Kind.FLAG: "boolean",
    Kind.DAY: "date",
    Kind.NUMBER: "integer",
}
# The binary COPY format: PostgreSQL's documentation, COPY, "Binary Format".
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
NULL = struct.pack("!i", -1)
EPOCH = date(2000, 1, 1).toordinal()
length = struct.Struct("!i").pack
number = struct.Struct("!ii").pack
big_number = struct.Struct("!iq").pack
COUNT_AND_LINE = struct.Struct("!hiq").pack
FLAGS = {False: b"\0\0\0\1\0", True: b"\0\0\0\1\1"}


def a_bytes(value: bytes) -> bytes:
    return length(len(value)) + value


def a_text(value: str) -> bytes:
    return a_bytes(value.encode())


def a_day(value: date | None) -> bytes:
    return NULL if value is None else number(4, value.toordinal() - EPOCH)


WRITERS: dict[Kind, Callable[[Any], bytes]] = {
    Kind.BYTES: a_bytes,
    Kind.TEXT: a_text,
    Kind.FLAG: FLAGS.__getitem__,
    Kind.DAY: a_day,
    Kind.NUMBER: partial(number, 4),
}


class Encode:
    """Rows as the bytes of a binary COPY."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(kinds)

    def __call__(self, rows: Iterable[tuple[Any, ...]]) -> bytes:
        writers = [WRITERS[kind] for kind in self.kinds]
        count = len(writers) + 1
        parts = []
        for line, *values in rows:
            parts.append(COUNT_AND_LINE(count, 8, line))
            parts.extend([write(value) for write, value in zip(writers, values, strict=True)])
        return b"".join(parts)


def fill(delivery: Delivery, batches: Iterable[bytes]) -> None:
    names = ", ".join(("line", *delivery.staged))
    statement = f"COPY import_staged ({names}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        for batch in batches:
            copy.write(batch)
        copy.write(TRAILER)
    analyse("import_staged")


@contextmanager
def tuned() -> Iterator[None]:
    """Within a transaction: room to sort millions of rows once."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '192MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    yield


def lock(table: str) -> None:
    """One import at a time; members go on reading, and signing in."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def first_load(table: str) -> Iterator[bool]:
    """An empty table is filled first and indexed then; DDL is part of the transaction, so a crash undoes it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")  # nosec B608
        (is_empty,) = cursor.fetchone()
        dropped = _constraints(cursor, table) + _indexes(cursor, table) if is_empty else []
        for drop, _ in dropped:
            cursor.execute(drop)
        yield is_empty
        for _, restore in reversed(dropped):
            cursor.execute(restore)


def _constraints(cursor: Any, table: str) -> list[tuple[str, str]]:
    """Foreign keys before what is unique; the primary key stays, for it grows in order."""
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype, conname
        """,
        [table],
    )
    return cursor.fetchall()


def _indexes(cursor: Any, table: str) -> list[tuple[str, str]]:
    cursor.execute(
        """
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = %s::regclass
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ORDER BY indexrelid
        """,
        [table],
    )
    return cursor.fetchall()


def prepare_join(table: str) -> None:
    analyse(table)


def analyse(table: str) -> None:
    """The planner knows nothing of a table just filled, and nobody else looks at a temporary one."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
