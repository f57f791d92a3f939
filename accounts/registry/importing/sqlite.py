"""SQLite's side of the import: the same staging table and the same merge, filled in batches of rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection

from accounts.registry.importing.deliveries import Delivery, Kind

# The types Django gives its own columns: a comparison between the two is exact.
TYPES = {
    Kind.BYTES: "BLOB",
    Kind.TEXT: "text",
    Kind.FLAG: "bool",
    Kind.DAY: "date",
    Kind.NUMBER: "integer",
}


class Encode:
    """Rows as SQLite takes them: dates are ISO text."""

    def __init__(self, kinds: Iterable[Kind], base: int = 0) -> None:
        self.days = [place for place, kind in enumerate(kinds, start=1) if kind is Kind.DAY]

    def __call__(self, rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
        encoded = [list(row) for row in rows]
        for row in encoded:
            for place in self.days:
                row[place] = row[place].isoformat() if isinstance(row[place], date) else None
        return encoded


def fill(delivery: Delivery, batches: Iterable[list[list[Any]]]) -> None:
    names = ("line", *delivery.staged)
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        for batch in batches:
            cursor.executemany(f"INSERT INTO import_staged ({', '.join(names)}) VALUES ({marks})", batch)  # nosec B608


@contextmanager
def tuned() -> Iterator[None]:
    yield


def lock(table: str) -> None:
    """BEGIN IMMEDIATE already holds the only lock there is."""


class Bare:
    """No table is stripped of its indexes here: what runs on SQLite is small."""

    @classmethod
    def of(cls, table: str) -> None:
        return None


def prepare_join(table: str) -> None:
    """Without it SQLite may scan the staged rows once for each stored one."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {table}_member ON {table} (member_id)")


def analyse(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
