"""Departments that follow the registry: the first time, when nothing has changed, when something has (F02)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Account, Affiliation, Member, OpenDepartment
from bench import registry, support_rows
from bench.memory import Watch, resident_kib
from bench.support_lines import empty, execute, table
from enrolment.departments.following import follow_registry

# One affiliation in so many has ended since the last import.
CHANGED = 20
A_DAY = timedelta(days=1)


def run(small: bool) -> list[dict]:
    members = registry.SMALL if small else registry.FULL
    registry.present(members)
    empty(support_rows.EMPTIED)
    support_rows.forget_members()
    accounts(members // support_rows.SHARE)
    today = timezone.localdate()
    rows = [follow("the first time"), follow("nothing has changed")]
    with ended_affiliations(today) as ended:
        return [*rows, follow(f"{ended:,} affiliations have ended")]


def accounts(wanted: int) -> None:
    """Of members all over the registry, made by PostgreSQL itself: nobody signs in here."""
    execute(f"TRUNCATE {table(OpenDepartment)}")
    every = max(1, Member.objects.count() // wanted)
    execute(
        f"""
        INSERT INTO {table(Account)} (id, kind, login_fingerprint, member_id, created_at, password, is_superuser,
          opened_by, documents_by, news_by, terms_version, is_active, is_staff, session_generation, limits_generation)
        SELECT gen_random_uuid(), 'member', nir_fingerprint, id, now(), '!', false,
          'email', 'email', 'email', '', true, false, 0, 0
        FROM {table(Member)} WHERE id %% %s = 0
        """,
        every,
    )
    execute(f"ANALYZE {table(Account)}")


@contextmanager
def ended_affiliations(today: date) -> Iterator[int]:
    """What the next import would bring; the registry is afterwards what its files say."""
    theirs = Affiliation.objects.filter(member__account__isnull=False, until=None, since__lt=today - A_DAY)
    some = list(theirs.order_by("member").values_list("pk", flat=True))[::CHANGED]
    ended = Affiliation.objects.filter(pk__in=some)
    count = ended.update(until=today - A_DAY)
    try:
        yield count
    finally:
        ended.update(until=None)


def follow(what: str) -> dict[str, Any]:
    statements = 0

    def counted(ask: Any, *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return ask(*given)

    before, started, processor = resident_kib(os.getpid()), time.perf_counter(), time.process_time()
    with Watch(os.getpid(), alone=True) as memory, connection.execute_wrapper(counted):
        changed = follow_registry(now=timezone.now())
    seconds = time.perf_counter() - started
    return {
        "what": what,
        "accounts": f"{Account.objects.filter(kind=Account.Kind.MEMBER).count():,}",
        "changed": f"{changed:,}",
        "seconds": round(seconds, 1),
        "of it Python": round(time.process_time() - processor, 1),
        "SQL": statements,
        "grew by MiB": max(0, memory.peak_kib - before) // 1024,
    }
