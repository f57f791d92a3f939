"""Runs benchmarks, prints their tables and writes var/bench/<name>.json: `python -m bench [names] [--small]`."""

import argparse
import importlib
import json
import os
import platform
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command

from bench.durable import DurablePostgres
from tests.services import RedisServer, enter_test_mode

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "var" / "bench"


def benchmarks() -> list[str]:
    """Every module here that can run."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8"))


def table(rows: list[dict]) -> str:
    titles = list(dict.fromkeys(title for row in rows for title in row))
    cells = [titles, *([str(row.get(title, "")) for title in titles] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def run(name: str, *, small: bool) -> None:
    rows = importlib.import_module(f"bench.{name}").run(small)
    print(f"\n{name}\n{table(rows)}", flush=True)
    circumstances = {"at": datetime.now(UTC).isoformat(), "small": small, "cores": os.cpu_count()}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps({**circumstances, "python": platform.python_version(), "rows": rows}, ensure_ascii=False, indent=1)
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", choices=[[], *benchmarks()], help=", ".join(benchmarks()))
    parser.add_argument("--small", action="store_true", help="sizes for daily use")
    options = parser.parse_args()
    enter_test_mode()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msa_portal.settings")
    with ExitStack() as services:
        for variable, server in (("DATABASE_URL", DurablePostgres), ("REDIS_URL", RedisServer)):
            if not os.environ.get(variable):
                os.environ[variable] = services.enter_context(server()).url
        django.setup()
        call_command("migrate", verbosity=0)
        for name in options.names or benchmarks():
            run(name, small=options.small)


if __name__ == "__main__":
    main()
