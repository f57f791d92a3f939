"""The command as an operator and a supervisor see it, and what a kill in the middle leaves."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Member
from accounts.registry import import_directory
from bench.make_registry import make
from tests.accounts.registry.files import LAMY, PONS, deliver, member, payment

ROOT = settings.BASE_DIR
SECONDS = 60
MANY = 20_000


@pytest.mark.sqlite
@pytest.mark.django_db
def test_what_each_file_did_is_said(tmp_path, capsys):
    call_command("import_registry", deliver(tmp_path, members=[member()]))
    assert capsys.readouterr().out.splitlines() == [
        "members.csv: 1 added, 0 changed, 0 removed, 0 rejected",
        "affiliations.csv: absent, nothing changed",
        "vitale_cards.csv: absent, nothing changed",
        "payments.csv: absent, nothing changed",
    ]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_rejected_line_makes_the_command_fail_after_loading_the_others(tmp_path):
    with pytest.raises(CommandError, match=r"rejects\.csv") as failure:
        call_command("import_registry", deliver(tmp_path, members=[member(), member("1")]), verbosity=0)
    assert failure.value.returncode == 1
    assert Member.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_header_is_told_with_the_right_one(tmp_path, capsys):
    (tmp_path / "payments.csv").write_text("NIR,montant\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_registry", tmp_path)
    assert "must be nir,department,paid_on,kind,label,amount_cents" in capsys.readouterr().out


@pytest.mark.parametrize("there", [True, False])
def test_a_directory_without_any_file_is_a_mistake(tmp_path, there, db):
    with pytest.raises(CommandError):
        call_command("import_registry", tmp_path if there else tmp_path / "nowhere")


@pytest.mark.django_db
def test_rejects_that_cannot_be_written_are_a_clear_error(tmp_path):
    (tmp_path / "rejects.csv").mkdir()
    with pytest.raises(CommandError, match=r"rejects\.csv"):
        call_command("import_registry", deliver(tmp_path, members=[member()]))
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_no_personal_value_is_printed(tmp_path, capsys):
    """R20: neither numbers nor names reach a terminal or a log."""
    deliver(tmp_path, members=[member(), member(PONS, birth_date="x")], payments=[payment(nir="1530101004901")])
    with pytest.raises(CommandError):
        call_command("import_registry", tmp_path)
    printed = "".join(capsys.readouterr())
    assert not any(value in printed for value in (LAMY, PONS, "LAMY", "Fritz", "1530101004901"))


@pytest.fixture
def changed_delivery(tmp_path) -> Path:
    """Twenty thousand members, all with another city than an import before; the old ones lie in old/."""
    make(MANY, 7, tmp_path / "old", timezone.localdate(), 0)
    new = tmp_path / "new"
    new.mkdir()
    delivered = (tmp_path / "old" / "members.csv").read_text(encoding="utf-8")
    (new / "members.csv").write_text(delivered.replace("VILLE-", "BOURG-"), encoding="utf-8")
    return new


def start_import(directory: Path, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_registry", str(directory)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until(holds, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.001)


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def cities() -> set[str]:
    return {found.dossier["city"].split("-")[0] for found in Member.objects.all()}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own locks hold the import in the middle")
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_a_merge_on_postgresql_the_old_data_is_whole(changed_delivery, tmp_path):
    """A row that another session holds stops the merge after many others were rewritten; then comes kill -9."""
    list(import_directory(tmp_path / "old", now=timezone.now()))
    where = connection.settings_dict
    url = f"postgres://{where['USER']}:{where['PASSWORD']}@/{where['NAME']}?host={where['HOST']}"
    with closing(psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None})) as holder:
        holder.execute("SELECT FROM accounts_member WHERE id = (SELECT max(id) FROM accounts_member) FOR UPDATE")
        process = start_import(changed_delivery, DATABASE_URL=url)
        wait_until(lambda: is_waiting("UPDATE accounts_member"), process)
        kill(process)
    assert cities() == {"", "VILLE"}
    assert Member.objects.count() == MANY
    counts = next(import_directory(changed_delivery, now=timezone.now())).counts
    assert counts.added == 0
    assert counts.changed > MANY * 0.9
    assert cities() == {"", "BOURG"}


def is_waiting(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s", [f"%{statement}%"]
        )
        return cursor.fetchone()[0] > 0


def test_killed_in_the_middle_of_a_merge_on_sqlite_the_old_data_is_whole(changed_delivery, tmp_path):
    """While the merge holds the write lock: kill -9; the file opens again with what it held before."""
    database = tmp_path / "portal.sqlite3"
    url = f"sqlite:///{database}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True
    )
    assert start_import(tmp_path / "old", DATABASE_URL=url).wait() == 0
    before = stored(database)
    process = start_import(changed_delivery, DATABASE_URL=url)
    wait_until(lambda: is_locked(database), process)
    kill(process)
    assert stored(database) == before
    assert start_import(changed_delivery, DATABASE_URL=url).wait() == 0
    after = stored(database)
    assert len(after) == len(before) == MANY
    assert len(set(after) & set(before)) < MANY * 0.1


def stored(database: Path) -> list[tuple]:
    with closing(sqlite3.connect(database)) as reader:
        return reader.execute("SELECT id, nir_fingerprint, digest, dossier FROM accounts_member ORDER BY id").fetchall()


def is_locked(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as writer:
        try:
            writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False
