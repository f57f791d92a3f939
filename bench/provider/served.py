"""A provider under gunicorn as deploy/ runs it, and the processor time of everything that works for it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import redis
from django.db import connection

from bench.memory import family
from bench.provider.flow import Client, Wire
from bench.visit import MILLION

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 60, 30
LOGS = ROOT / "var" / "bench"
WORKERS = 2


class Served:
    """gunicorn on a free port. Its workers stay: one that is replaced half way would be measured twice."""

    def __init__(self, application: str, *, database: str, environment: dict[str, str]) -> None:
        self.database, self.port, self.log = database, free_port(), LOGS / f"{database}.log"
        self.command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--max-requests", "0"]
        self.command.append(application)
        given = {"BIND": "127.0.0.1", "PORT": str(self.port), "WEB_WORKERS": str(WORKERS)}
        self.environment = {**os.environ, **environment, **given}

    def __enter__(self) -> Self:
        LOGS.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while len(self.workers) < WORKERS or not answers(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError(f"{self.command[-1]} does not start: see {self.log}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.terminate()
        self.process.wait(STOP_SECONDS)

    @property
    def workers(self) -> list[int]:
        return family(self.process.pid)[1:]

    def cpu_ms(self) -> dict[str, float]:
        """So far, user and system: gunicorn with its workers, PostgreSQL for this database, Redis."""
        return {
            "app": self.app_ms(),
            "db": on_processor_ms(self._backends()),
            "redis": redis_cpu_ms(),
        }

    def app_ms(self) -> float:
        return on_processor_ms(family(self.process.pid))

    def _backends(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [self.database]
            )
            return [pid for (pid,) in cursor.fetchall()]


@dataclass(frozen=True)
class Provider:
    """A server, and a relying party that is registered there."""

    served: Served
    discovery: str
    client: Client

    def over(self, talk: Callable[[Wire], Coroutine[Any, Any, T]]) -> T:
        """A few requests over one connection."""

        async def talked() -> T:
            wire = await Wire.to(self.served.port)
            try:
                return await talk(wire)
            finally:
                wire.close()

        return asyncio.run(talked())


def on_processor_ms(pids: Iterable[int]) -> float:
    """All threads of these processes of this machine, to the nanosecond; those that have ended count no more."""
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                total += int(thread.read_text().split()[0])
    return total / MILLION


def redis_cpu_ms() -> float:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        used = client.info("cpu")
    return (used["used_cpu_user"] + used["used_cpu_sys"]) * 1000


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
