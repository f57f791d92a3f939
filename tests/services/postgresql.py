"""A throw-away PostgreSQL on a socket of its own, tuned to be quick and not to survive."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg

from tests.services.binaries import find_or_install, in_wheel, on_path, reachable_by_nobody
from tests.services.server import Server

ADVICE = (
    "PostgreSQL was not found. Install it (Debian: apt-get install postgresql), set PG_BINDIR to the directory of "
    "initdb and postgres, or give DATABASE_URL."
)
QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
}


def installed_postgres() -> Path | None:
    if directory := os.environ.get("PG_BINDIR"):
        return on_path(str(Path(directory) / "postgres"))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return debian[-1] if debian else _on_path_with_initdb() or in_wheel("postgresql", "postgres")


def _on_path_with_initdb() -> Path | None:
    found = on_path("postgres")
    return found.resolve() if found and (found.resolve().parent / "initdb").exists() else None


def find_postgres() -> Path:
    return find_or_install(find=installed_postgres, wheel="postgresql", packages=["postgresql"], advice=ADVICE)


class PostgresServer(Server):
    """PostgreSQL with one empty database, `msa`; superuser `postgres`, no password."""

    stop_signal = signal.SIGINT
    orphan_signal = signal.SIGQUIT

    def __init__(self) -> None:
        super().__init__()
        self.program = find_postgres()

    @property
    def url(self) -> str:
        return f"postgres://postgres@/msa?host={self.directory}"

    @property
    def description(self) -> str:
        version = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        return f"PostgreSQL {version.stdout.split()[2]} ({self.program})"

    def prepare(self) -> None:
        self.program = reachable_by_nobody(self.program, name="postgresql", refuge=self.directory)
        with (self.directory / "log").open("ab") as log:
            initdb = [str(self.program.with_name("initdb")), "-D", str(self.directory / "data"), "-U", "postgres"]
            made = self.spawn([*initdb, "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"], log).wait()
        if made != 0:
            raise RuntimeError(f"initdb failed:\n{self.log_end()}")

    def command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in QUICK.items()]
        return [str(self.program), "-D", str(self.directory / "data"), "-k", str(self.directory), *settings]

    def complete(self) -> None:
        with self._connect() as connection:
            connection.execute("CREATE DATABASE msa")

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.directory), user="postgres", dbname="postgres", autocommit=True)
