"""The servers that the tests start for themselves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.cache import cache
from django.db import connection

from tests.services import Missing, PostgresServer, RedisServer, find_chromium
from tests.services import binaries as binaries_module
from tests.services.environment import redis_url_of_worker
from tests.services.postgresql import installed_postgres

ROOT = Path(__file__).resolve().parents[1]

ORPHANED = """
import os, signal, sys
from tests.services import RedisServer
server = RedisServer().start()
print(server.process.pid, server.directory, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def nothing_can_be_installed(monkeypatch):
    monkeypatch.setattr(binaries_module, "_install_wheel", lambda name: False)
    monkeypatch.setattr(binaries_module, "_install_packages", lambda packages: False)


@pytest.mark.django_db
def test_this_run_stands_on_real_postgresql_and_redis():
    assert connection.vendor == "postgresql"
    cache.set("kept_in", "redis")
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert [key for key in client.scan_iter() if b"kept_in" in key]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_smoke_set_stands_on_sqlite(request):
    expected = "sqlite" if request.config.option.sqlite else "postgresql"
    assert connection.vendor == expected
    assert ("REDIS_URL" in os.environ) is not request.config.option.sqlite


def test_a_redis_of_its_own_may_be_stopped_and_started_again_at_the_same_address():
    with RedisServer() as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert client.ping()
        directory = server.directory
    assert not directory.exists()


def test_a_postgresql_of_its_own_answers_at_its_address_and_leaves_nothing_behind():
    with PostgresServer() as server:
        with psycopg.connect(server.url.replace("postgres://", "postgresql://")) as own:
            assert own.execute("SELECT current_database(), current_setting('fsync')").fetchone() == ("msa", "off")
        directory = server.directory
    assert not directory.exists()


def test_a_server_runs_as_an_ordinary_user():
    with RedisServer() as server:
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert owner != 0


def test_a_server_does_not_outlive_a_run_that_is_killed():
    command = [sys.executable, "-c", ORPHANED]
    orphaned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert orphaned.returncode == -signal.SIGKILL
    pid, directory = orphaned.stdout.split()
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(pid)
    with RedisServer():  # the next start sweeps the directory of the dead run
        assert not Path(directory).exists()


def _runs(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_named_directory_of_programs_is_preferred(monkeypatch, tmp_path):
    chosen = _program(tmp_path / "postgres")
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    assert installed_postgres() == chosen


@pytest.mark.usefixtures("nothing_can_be_installed")
def test_a_missing_browser_is_an_error_that_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    with pytest.raises(Missing, match="apt-get install chromium"):
        find_chromium()


@pytest.mark.usefixtures("nothing_can_be_installed")
def test_a_missing_postgresql_is_an_error_that_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    with pytest.raises(Missing, match="apt-get install postgresql"):
        PostgresServer()


def test_a_wheel_stands_in_for_a_missing_program(monkeypatch, tmp_path):
    def install(name):
        _program(tmp_path / name / "package" / "bin" / "redis-server")
        return True

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries_module, "WHEELS", tmp_path)
    monkeypatch.setattr(binaries_module, "_install_wheel", install)
    assert RedisServer().program == tmp_path / "redis" / "package" / "bin" / "redis-server"


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("url", "worker", "expected"),
    [
        ("unix:///tmp/redis.sock?db=0", "gw0", "unix:///tmp/redis.sock?db=1"),
        ("unix:///tmp/redis.sock?db=0", "gw7", "unix:///tmp/redis.sock?db=8"),
        ("redis://user:word@host:6379/0", "gw1", "redis://user:word@host:6379/2"),
    ],
)
def test_each_worker_has_a_redis_database_of_its_own(url, worker, expected):
    assert redis_url_of_worker(url, worker) == expected
