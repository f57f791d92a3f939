"""The staging table: holds the delivered rows beside the line they came from, for this session only."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from django.db import connection

from accounts.registry.importing import postgresql, sqlite
from accounts.registry.importing.deliveries import Delivery

TABLES = ("import_staged", "import_resolved", "import_refused")
PAGE = 5000


def backend() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def create(delivery: Delivery) -> None:
    types = backend().TYPES
    columns = ", ".join(f"{name} {types[kind]}" for name, kind in delivery.staged.items())
    drop()
    execute(f"CREATE TEMP TABLE import_staged (line bigint, {columns})")
    execute("CREATE TEMP TABLE import_refused (line bigint)")


def drop() -> None:
    for table in TABLES:
        execute(f"DROP TABLE IF EXISTS {table}")


def refuse(query: str, *, table: str, line: str = "line") -> Iterator[int]:
    """Take the lines that a query names out of a table, and tell them, page by page; `line` finds them there."""
    execute("DELETE FROM import_refused")
    if not execute(f"INSERT INTO import_refused {query}"):
        return
    execute(f"DELETE FROM {table} WHERE {line} IN (SELECT line FROM import_refused)")  # nosec B608
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT line FROM import_refused ORDER BY line")
        while page := cursor.fetchmany(PAGE):
            yield from (line for (line,) in page)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # nosec B608
        return cursor.fetchone()[0]


def execute(statement: str, values: tuple[Any, ...] = ()) -> int:
    """The number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
