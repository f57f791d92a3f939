"""An agent who is removed, or moved, while the desk is answering them: before, or not at all (issue 5, faults; R20)."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.contact import PostalAddress, ask_address_change
from accounts.models import Account, AddressChange, Consultation, Entry, Event, Role
from accounts.support import agents
from accounts.support.file import acts, consultations
from accounts.support.file.acts import ACTS
from accounts.support.refusals import Refused
from msa_portal.urls import DESK
from tests.accounts.support.member_files import opened, place
from tests.agents import ELSEWHERE, an_agent, at_desk, at_row
from tests.members import an_account
from tests.stories.caller import Caller

# Reading the addresses has put every act there.
assert DESK
CHANGES = "/support/accounts/addresschange/"
OTHER_RIGHTS = {
    "removed": lambda agent: agents.leave(agent.agent, by=None, now=timezone.now()),
    "moved": lambda agent: agents.change_role(
        agent.agent, role=Role.AGENT, caisse=ELSEWHERE, by=agent, now=timezone.now()
    ),
    "demoted": lambda agent: agents.change_role(
        agent.agent, role=Role.AUDITOR, caisse="", by=agent, now=timezone.now()
    ),
}
pytestmark = pytest.mark.parametrize("what", OTHER_RIGHTS)


def take_away(agent: Account, what: str) -> None:
    """Somebody else does it: the request that is being answered has its own copy of the row."""
    OTHER_RIGHTS[what](Account.objects.get(pk=agent.pk))


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


@pytest.mark.django_db
def test_an_act_that_began_before_is_refused_whole(account: Account, what: str) -> None:
    agent = an_agent()
    assert agent.agent.is_present
    take_away(agent, what)
    assert account.member is not None
    with pytest.raises(Refused):
        acts.carry_out(ACTS["debloquer"], account.member, by=agent, reason="call", now=timezone.now())
    with pytest.raises(Refused):
        consultations.begin(account.member, Consultation.Reason.CALL, by=agent, now=timezone.now())
    account.refresh_from_db()
    assert account.limits_generation == 0
    assert not Consultation.objects.exists()
    assert not Entry.objects.filter(event__in=(Event.SUPPORT_ACT, Event.SUPPORT_FILE_OPENED)).exists()


def send(caller: Caller, address: str, **fields: Any) -> int:
    try:
        caller.client.handler.enforce_csrf_checks = False
        return int(caller.client.post(address, fields).status_code)
    finally:
        connection.close()


def somebody_waits(answer: "Future[int]") -> bool:
    """Until a request of the other thread stands before a row that we hold; there it has passed every question."""
    with connection.cursor() as cursor:
        while not answer.done():
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return True
    return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("on", ["work list", "file"])
def test_the_right_ends_between_the_question_and_the_deed(what: str, on: str) -> None:
    """Whoever takes it away comes first: the request waits for them, then finds that it may not."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    account, agent = an_account(), an_agent()
    assert ask_address_change(account, PostalAddress("3 impasse du Moulin", "67100", "Strasbourg"), now=timezone.now())
    change = AddressChange.objects.get()
    if on == "file":
        caller, address = opened(account.member, agent=agent), place(account.member, "actes", "debloquer")
    else:
        caller = at_row(at_desk(agent), f"{CHANGES}{change.pk}/change/")
        address = f"{CHANGES}{change.pk}/accepter/"
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take_away(agent, what)
            answer = pool.submit(send, caller, address, reason="call" if on == "file" else "")
            assert somebody_waits(answer)
        assert answer.result(timeout=30) == 404
    change.refresh_from_db()
    account.refresh_from_db()
    assert (change.decided_at, account.limits_generation) == (None, 0)
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=agent.pk).count() == 1
