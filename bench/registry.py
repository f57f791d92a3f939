"""The registry: its import against a raw COPY of the same finished rows, and its look-up at two sizes."""

import os
import random
import statistics
import subprocess
import sys
import time
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from accounts.identity.nir import Nir
from accounts.models import Affiliation, Member, Payment, VitaleCard
from accounts.registry import find
from bench.make_registry import make
from bench.memory import Watch

ROOT = Path(__file__).resolve().parent.parent
FULL, SMALL, LOOK_UP_SMALL = 5_500_000, 100_000, 10_000
SEED, TODAY, PAYMENTS_SHARE = 1, date(2026, 11, 20), 0.02
LOOK_UPS, ROUNDS = 2000, 7
TABLES = [model._meta.db_table for model in (Member, Affiliation, VitaleCard, Payment)]
BLOCK = 1024 * 1024


def run(small: bool) -> list[dict]:
    members = SMALL if small else FULL
    directory = delivered(members)
    execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    imported = import_seconds(directory)
    return [imported["row"], import_again(directory), *against_copy(imported["seconds"]), *look_ups(directory, members)]


def delivered(members: int) -> Path:
    """The files, made once: the same arguments give the same bytes."""
    directory = ROOT / "var" / "bench" / f"registry-{members}"
    done = directory / "done"
    if not done.exists():
        make(members, SEED, directory, TODAY, PAYMENTS_SHARE)
        done.touch()
    return directory


def present(members: int) -> Path:
    """Those files; imported unless so many members are there already."""
    directory = delivered(members)
    if Member.objects.count() < members:
        execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        import_seconds(directory)
    return directory


def import_seconds(directory: Path) -> dict:
    """The command as an operator runs it, in a process whose memory and children's is watched."""
    execute("CHECKPOINT")
    started = time.perf_counter()
    command = [sys.executable, "manage.py", "import_registry", str(directory)]
    before = os.times()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process, Watch(process.pid) as memory:
        status = process.wait()
    seconds, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if status:
        raise RuntimeError(f"import_registry ended with {status}")
    count = sum(execute(f"SELECT count(*) FROM {table}") for table in TABLES)
    row = {
        "what": f"import of {count:,} rows",
        "seconds": round(seconds, 1),
        "Python's CPU s": round(cpu, 1),
        "rows/s": round(count / seconds),
        "peak MiB": memory.peak_mib,
        "aim": "≤ 400 MiB",
    }
    return {"seconds": seconds, "row": row}


def import_again(directory: Path) -> dict:
    return {**import_seconds(directory)["row"], "what": "the same files again", "aim": ""}


def against_copy(import_took: float) -> list[dict]:
    """PostgreSQL's own time to COPY and index the very rows that the import left."""
    with TemporaryDirectory(dir=ROOT / "var" / "bench") as directory:
        raw = sum(raw_seconds(table, Path(directory) / table) for table in TABLES)
    return [
        {"what": "raw COPY and indexes of the same rows", "seconds": round(raw, 1)},
        {"what": "import / raw COPY", "ratio": round(import_took / raw, 2), "aim": "≤ 4"},
    ]


def raw_seconds(table: str, path: Path) -> float:
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy, path.open("wb") as file:
            for block in copy:
                file.write(block)
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s AND schemaname = 'public'", [table])
        indexes = [definition for (definition,) in cursor.fetchall()]
        cursor.execute("DROP SCHEMA IF EXISTS raw CASCADE")
        cursor.execute("CREATE SCHEMA raw")
        cursor.execute(f"CREATE TABLE raw.{table} (LIKE public.{table} INCLUDING DEFAULTS)")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("CHECKPOINT")
        started = time.perf_counter()
        with cursor.copy(f"COPY raw.{table} FROM STDIN (FORMAT BINARY)") as copy, path.open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)
        for definition in indexes:
            cursor.execute(definition.replace(" ON public.", " ON raw."))
        seconds = time.perf_counter() - started
        cursor.execute("DROP SCHEMA raw CASCADE")
    path.unlink()
    return seconds


def look_ups(directory: Path, members: int) -> list[dict]:
    """The same members in two schemas, one with ten thousand of them; rounds take turns, so noise falls on both."""
    table = Member._meta.db_table
    execute("DROP SCHEMA IF EXISTS few CASCADE")
    execute("CREATE SCHEMA few")
    execute(f"CREATE TABLE few.{table} (LIKE public.{table} INCLUDING ALL)")
    execute(f"INSERT INTO few.{table} SELECT * FROM public.{table} ORDER BY id LIMIT {LOOK_UP_SMALL}")
    execute(f"ANALYZE few.{table}")
    everybody = sample(directory, members)
    few = sample(directory, LOOK_UP_SMALL)
    times: dict[str, list[float]] = {"few": [], "public": []}
    for _ in range(ROUNDS):
        for schema, nirs in (("few", few), ("public", everybody)):
            execute(f"SET search_path TO {schema}, public")
            times[schema].append(microseconds(nirs))
    execute("SET search_path TO DEFAULT")
    execute("DROP SCHEMA few CASCADE")
    small, large = (statistics.median(taken[1:]) for taken in times.values())
    return [
        {"what": f"look-up among {LOOK_UP_SMALL:,}", "µs": round(small)},
        {"what": f"look-up among {members:,}", "µs": round(large), "ratio": round(large / small, 2), "aim": "≤ 1.25"},
    ]


def sample(directory: Path, among: int) -> list[Nir]:
    """Numbers spread over the first `among` members, in no order."""
    with (directory / "members.csv").open(encoding="utf-8") as file:
        lines = islice(file, 1, among + 1, max(1, among // LOOK_UPS))
        nirs = [Nir(line.partition(",")[0]) for line in lines]
    random.Random(SEED).shuffle(nirs)
    return nirs


def microseconds(nirs: list[Nir]) -> float:
    started = time.perf_counter()
    for nir in nirs:
        if find(nir) is None:
            raise RuntimeError("a delivered member was not found")
    return (time.perf_counter() - started) / len(nirs) * 1e6


def execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount
