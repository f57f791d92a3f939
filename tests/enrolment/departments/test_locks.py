"""A code is typed, an import follows, while somebody else holds the same request: both end, with one outcome (R13)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Affiliation, Email, Entry, Event
from enrolment.departments import asking, deciding, following, opening, posting
from enrolment.departments.opening import CodeRefused, Reason
from tests.agents import an_agent
from tests.departments import A_DAY, AIN, ELSEWHERE, accepted, asked, code_of, open_now, posted
from tests.members import A_MOMENT, affiliate, an_account

pytestmark = [pytest.mark.django_db(transaction=True)]
MINE = b"m" * 32
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
LATER = A_MOMENT + 8 * A_DAY


def somebody_waits() -> bool:
    """Whether another connection of this database stands before a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def in_the_middle_of(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """The first has done its work and is about to commit when the second begins and comes to stand before it."""
    said: list[Any] = []

    def run() -> None:
        try:
            said.append(second())
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        done = first()
        other.start()
        while other.is_alive() and not somebody_waits():
            pass
    other.join(timeout=30)
    assert said, "the second was torn out of its work"
    return done, said[0]


def test_another_letter_is_asked_for_while_the_code_is_typed() -> None:
    """Two browsers of one member. The older code is superseded, and its member reads that, not that it has served."""
    account = an_account()
    request = accepted(account)
    code = code_of(request)
    posted(request, now=A_MOMENT + A_DAY)

    def type_it() -> Any:
        try:
            return opening.open_by_code(Account.objects.get(pk=account.pk), code, browser=MINE, now=LATER)
        except CodeRefused as refused:
            return refused.reason

    _, said = in_the_middle_of(lambda: posting.send_another(request, now=LATER), type_it)
    assert said is Reason.SUPERSEDED
    assert open_now(account) == {}


def test_an_agent_accepts_while_an_import_is_followed() -> None:
    """The agent was first; the registry answers all the same, and the code that left opens nothing."""
    account = an_account()
    following.follow_registry(now=A_MOMENT)
    request = asked(account)
    affiliate(account.member, AIN)
    agent = an_agent(caisse="", role="national")
    done, changed = in_the_middle_of(
        lambda: deciding.accept(request, by=agent, now=LATER), lambda: following.follow_registry(now=LATER)
    )
    assert (done, changed) == (True, 1)
    assert Affiliation.objects.filter(member=account.member, department=AIN).exists()
    assert open_now(account)[AIN] == "registry"


def test_a_member_asks_for_what_an_import_has_just_brought() -> None:
    """F02: of the page and the import one opens, and its member hears of it once."""
    account = an_account()
    following.follow_registry(now=A_MOMENT)
    affiliate(account.member, AIN)
    affiliate(account.member, "13")
    done, changed = in_the_middle_of(lambda: ask(account), lambda: following.follow_registry(now=LATER))
    assert (done, changed) == (asking.Outcome.OPENED, 0)
    assert Email.objects.filter(kind="departments_changed").count() == 1
    assert Entry.objects.filter(event=Event.DEPARTMENT_OPENED).count() == 2


def ask(account: Account) -> asking.Outcome:
    return asking.ask(account, department=DEPARTMENTS[AIN], way=ELSEWHERE, now=LATER).outcome
