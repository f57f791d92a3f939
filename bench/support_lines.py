"""What is too long for a row at a time: the journal, letters of years, written by PostgreSQL itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from accounts.models import Account, Entry, Event, Letter

# So many lines for each account, in the month that a reader may ask for at once: a busy one.
LINES, DAYS = 50, 31
# Each letter has so many older ones like it.
OLDER = 9
# Places among two hundred lines.
REFUSED, SEARCHED, OPENED, TURNED_AWAY, FEDERATED, ENDED, REFUSED_IN = (1, 3, 5, 6, 16, 76, 100)
CODE = "upper(translate(substr(md5('code' || n), 1, 8), '01', 'kz'))"


def execute(statement: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def empty(emptied: Iterable[type[models.Model]]) -> None:
    """Their files shrink too: what a benchmark leaves behind slows the next one down."""
    execute(f"TRUNCATE {', '.join(table(model) for model in emptied)}")


def journal(agents: list[Account], now: datetime) -> None:
    """In the order in which it happened; one line in forty speaks of an agent's work."""
    execute(
        f"""
        WITH who AS (
          SELECT array_agg(id) AS members, count(*) AS count FROM {table(Account)} WHERE kind = 'member'
        ), told AS (
          SELECT n, n %% 200 AS kind,
            members[1 + n * 7919 %% count] AS member, (%s::uuid[])[1 + n * 31 %% %s] AS agent
          FROM who, generate_series(1, count * {LINES}) AS n
        )
        INSERT INTO {table(Entry)} (at, event, account, request_id, network, detail)
        SELECT %s::timestamptz + n * (%s::interval / (SELECT count * {LINES} FROM who)),
          CASE WHEN kind < {REFUSED} THEN %s WHEN kind < {SEARCHED} THEN %s WHEN kind < {OPENED} THEN %s
            WHEN kind < {TURNED_AWAY} THEN %s WHEN kind < {FEDERATED} THEN %s WHEN kind < {ENDED} THEN %s
            WHEN kind < {REFUSED_IN} THEN %s ELSE %s END,
          CASE WHEN kind < {REFUSED} THEN NULL
            WHEN kind < {SEARCHED} OR kind = {TURNED_AWAY} - 1 THEN agent ELSE member END,
          md5(n::text), '',
          CASE WHEN kind < {REFUSED} THEN jsonb_build_object('reason', 'name_differs')
            WHEN kind < {SEARCHED} THEN jsonb_build_object('by', 'nir', 'found', 1, 'too_many', false)
            WHEN kind < {OPENED} THEN jsonb_build_object('by', replace(agent::text, '-', ''), 'reason', 'call')
            WHEN kind < {TURNED_AWAY} THEN jsonb_build_object('why', 'scope')
            WHEN kind < {FEDERATED} THEN jsonb_build_object('reference', {CODE})
            ELSE jsonb_build_object('how', 'pwd') END
        FROM told
        """,
        [agent.pk for agent in agents],
        len(agents),
        now - timedelta(days=DAYS),
        timedelta(days=DAYS),
        Event.REGISTRATION_REFUSED,
        Event.SUPPORT_SEARCHED,
        Event.SUPPORT_FILE_OPENED,
        Event.SUPPORT_REFUSED,
        Event.FEDERATION_SIGN_IN,
        Event.SESSION_ENDED,
        Event.SIGN_IN_REFUSED,
        Event.SIGN_IN_SUCCEEDED,
    )


def older_letters(now: datetime) -> None:
    """Printed and posted long ago, an hour apart from the one that they are like."""
    copied = "kind, member_id, account_id, department, caisse, address_fingerprint, set_aside, batch_id"
    moments = "created_at, printed_at, posted_at"
    execute(
        f"""
        INSERT INTO {table(Letter)} (id, public_code, {copied}, {moments})
        SELECT gen_random_uuid(), '', {copied}, {", ".join(f"{each} - n * %s" for each in moments.split(", "))}
        FROM {table(Letter)}, generate_series(1, {OLDER}) AS n WHERE posted_at < %s
        """,
        *[timedelta(hours=1)] * 3,
        now,
    )


def settle() -> None:
    """As autovacuum leaves it after a while; within a test's transaction there is no vacuum."""
    execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
