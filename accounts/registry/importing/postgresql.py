"""PostgreSQL's side of the import: binary COPY, and a first load without indexes to keep up."""

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Self

from django.db import IntegrityError, connection, transaction

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


@lru_cache(maxsize=4096)
def a_text(value: str) -> bytes:
    return a_bytes(value.encode())


@lru_cache(maxsize=65536)
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
    """Rows as the bytes of a binary COPY, their line numbers counted from `base`."""

    def __init__(self, kinds: Iterable[Kind], base: int = 0) -> None:
        self.kinds = tuple(kinds)
        self.base = base

    def __call__(self, rows: Iterable[tuple[Any, ...]]) -> bytes:
        writers = [WRITERS[kind] for kind in self.kinds]
        count = len(writers) + 1
        parts = []
        for row in rows:
            parts.append(COUNT_AND_LINE(count, 8, self.base + row[0]))
            parts += [write(value) for write, value in zip(writers, row[1:], strict=True)]
        return b"".join(parts)


def fill(delivery: Delivery, batches: Iterable[bytes]) -> None:
    copy_into("import_staged", ("line", *delivery.staged), batches)
    analyse("import_staged")


def copy_into(table: str, columns: Iterable[str], batches: Iterable[bytes]) -> int:
    """The number of rows copied."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(HEADER)
            for batch in batches:
                copy.write(batch)
            copy.write(TRAILER)
        return cursor.rowcount


@contextmanager
def tuned() -> Iterator[None]:
    """Within a transaction: room to sort millions of rows once."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    yield


def lock(table: str) -> None:
    """One import at a time; members go on reading, and signing in."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


class Bare:
    """An empty table without its indexes, filled first and indexed then; a crash undoes it, DDL included.

    A row's id is `base` and its line: so a line is found again without a column of its own.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            (self.base,) = cursor.fetchone()
            constraints = _constraints(cursor, table)
            dropped = constraints + _indexes(cursor, table)
            for drop, _ in dropped:
                cursor.execute(drop)
        self.restoring = [restore for _, restore in reversed(dropped)]
        self.has_unique = any(" UNIQUE " in restore for _, restore in constraints)

    @classmethod
    def of(cls, table: str) -> Self | None:
        """None for a table that holds rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # nosec B608
            (holds_rows,) = cursor.fetchone()
        return None if holds_rows else cls(table)

    @property
    def line(self) -> str:
        return f"id - {self.base}"

    def fill(self, delivery: Delivery, batches: Iterable[bytes], *, now: datetime) -> int:
        """The moment is the same for every row: it travels as the column's default."""
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {self.table} ALTER updated_at SET DEFAULT '{now.isoformat()}'")
            count = copy_into(self.table, ("id", *delivery.staged), batches)
            cursor.execute(f"ALTER TABLE {self.table} ALTER updated_at DROP DEFAULT")
        return count

    def index(self) -> None:
        with connection.cursor() as cursor:
            # Rows taken out again left checks behind, and a table with pending checks cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for restore in self.restoring:
                cursor.execute(restore)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {self.table}",  # nosec B608
                [self.table],
            )

    def proves_unique(self) -> bool:
        """Indexes the table; False, and no index, when a constraint finds two rows where one may stand."""
        try:
            with transaction.atomic():
                self.index()
        except IntegrityError:
            return False
        return True


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
