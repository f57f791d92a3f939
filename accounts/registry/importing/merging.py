"""Merges a staging table into the registry with a handful of statements, the same on PostgreSQL and SQLite.

What is stored and delivered alike is not written again: no dead rows, no WAL, no index work.
The names put into SQL are those of our models and staging tables, never anything delivered: hence `nosec B608`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.registry.importing import postgresql
from accounts.registry.importing.deliveries import Delivery
from accounts.registry.importing.refusal import Reject
from accounts.registry.importing.staging import backend, count, execute, refuse

MEMBER = "accounts_member"


@dataclass
class Counts:
    """What one file did to the registry."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    rejected: int = 0


def index_first(delivery: Delivery, counts: Counts, bare: postgresql.Bare) -> Iterator[Reject]:
    """A unique index that can be built says that no line stands twice: only else are such lines looked for."""
    if bare.has_unique and bare.proves_unique():
        return
    if delivery.unique:
        for reject in _repeated(delivery, table=delivery.table, line=bare.line):
            counts.added -= 1
            yield reject
    bare.index()


def merge_members(delivery: Delivery, counts: Counts, *, now: datetime) -> Iterator[Reject]:
    """The delivered members are added, or replaced where the digest of their line differs; nobody is removed."""
    yield from _repeated(delivery, table="import_staged")
    columns = ", ".join(delivery.staged)
    written_at = connection.ops.adapt_datetimefield_value(now)
    counts.changed = execute(
        f"""
        UPDATE {MEMBER} SET birth_fingerprint = s.birth_fingerprint, nir_status = s.nir_status,
            deceased = s.deceased, dossier = s.dossier, digest = s.digest, updated_at = %s
        FROM import_staged s
        WHERE s.nir_fingerprint = {MEMBER}.nir_fingerprint AND s.digest <> {MEMBER}.digest
        """,  # nosec B608
        (written_at,),
    )
    counts.added = execute(
        f"""
        INSERT INTO {MEMBER} ({columns}, updated_at) SELECT {columns}, %s FROM import_staged s
        WHERE NOT EXISTS (SELECT 1 FROM {MEMBER} m WHERE m.nir_fingerprint = s.nir_fingerprint)
        """,  # nosec B608
        (written_at,),
    )


def replace_rows(delivery: Delivery, counts: Counts, *, now: datetime) -> Iterator[Reject]:
    """The delivered rows of each member named replace the stored ones, as sets; a payment may stand in both twice."""
    if bare := backend().Bare.of(delivery.table):
        yield from _first_rows(delivery, counts, bare)
        return
    _resolve(delivery)
    unknown = refuse("SELECT line FROM import_resolved WHERE member_id IS NULL", table="import_resolved")
    yield from _unknown(unknown)
    if delivery.unique:
        yield from _repeated(delivery, table="import_resolved")
    counts.removed, counts.added = _exchange(delivery)


def _first_rows(delivery: Delivery, counts: Counts, bare: postgresql.Bare) -> Iterator[Reject]:
    """One statement finds the members and fills the table; who is missing is looked for only when somebody is."""
    own = ", ".join(f"s.{name}" for name in _own(delivery))
    counts.added = execute(
        f"""
        INSERT INTO {delivery.table} (id, {_columns(delivery)}) SELECT {bare.base} + s.line, m.id, {own}
        FROM import_staged s JOIN {MEMBER} m ON m.nir_fingerprint = s.nir_fingerprint
        """  # nosec B608
    )
    left_out = f"SELECT line FROM import_staged EXCEPT SELECT {bare.line} FROM {delivery.table}"  # nosec B608
    if counts.added < count("import_staged"):
        yield from _unknown(refuse(left_out, table="import_staged"))
    yield from index_first(delivery, counts, bare)


def _unknown(lines: Iterator[int]) -> Iterator[Reject]:
    return (Reject(line, "nir", "unknown_member") for line in lines)


def _exchange(delivery: Delivery) -> tuple[int, int]:
    """What is stored but not delivered goes, what is delivered but not stored comes."""
    of_the_named = "WHERE member_id IN (SELECT member_id FROM import_resolved)"
    stored = f"SELECT id, {_numbered(delivery)} FROM {delivery.table} {of_the_named}"
    delivered = f"SELECT line, {_numbered(delivery)} FROM import_resolved"
    removed = execute(
        f"""
        DELETE FROM {delivery.table} WHERE id IN (
            SELECT old.id FROM ({stored}) old
            LEFT JOIN ({delivered}) new ON {_same(delivery)} WHERE new.member_id IS NULL)
        """  # nosec B608
    )
    added = execute(
        f"""
        INSERT INTO {delivery.table} ({_columns(delivery)}) SELECT {_columns(delivery, "new")} FROM ({delivered}) new
        LEFT JOIN ({stored}) old ON {_same(delivery)} WHERE old.id IS NULL
        """  # nosec B608
    )
    return removed, added


def _resolve(delivery: Delivery) -> None:
    columns = ", ".join(f"s.{name}" for name in _own(delivery))
    execute(
        f"""
        CREATE TEMP TABLE import_resolved AS SELECT s.line, m.id AS member_id, {columns}
        FROM import_staged s LEFT JOIN {MEMBER} m ON m.nir_fingerprint = s.nir_fingerprint
        """  # nosec B608
    )
    backend().prepare_join("import_resolved")


def _repeated(delivery: Delivery, *, table: str, line: str = "line") -> Iterator[Reject]:
    """The first of several lines with one key stands, the later ones are left out; only these few are sorted."""
    key = ", ".join(delivery.unique)
    later = refuse(
        f"""
        SELECT line FROM (
            SELECT {line} AS line, row_number() OVER (PARTITION BY {key} ORDER BY {line}) AS nth FROM {table}
            WHERE ({key}) IN (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1)
        ) numbered WHERE nth > 1
        """,
        table=table,
        line=line,
    )
    return (Reject(number, "nir", "duplicate") for number in later)


def _own(delivery: Delivery) -> list[str]:
    return [name for name in delivery.staged if name != "nir_fingerprint"]


def _columns(delivery: Delivery, table: str = "") -> str:
    dot = f"{table}." if table else ""
    return ", ".join(f"{dot}{name}" for name in ("member_id", *_own(delivery)))


def _numbered(delivery: Delivery) -> str:
    """The columns, and for rows that may stand twice which one of its equals each is."""
    names = _columns(delivery)
    nth = "1" if delivery.unique else f"row_number() OVER (PARTITION BY {names})"
    return f"{names}, {nth} AS nth"


def _same(delivery: Delivery) -> str:
    """Equal column by column, absent dates included."""
    exact = [
        f"new.{name} = old.{name}" for name in ("member_id", "nth", *_own(delivery)) if name not in delivery.optional
    ]
    absent = [
        f"(new.{name} = old.{name} OR (new.{name} IS NULL AND old.{name} IS NULL))"
        for name in sorted(delivery.optional)
    ]
    return " AND ".join(exact + absent)
