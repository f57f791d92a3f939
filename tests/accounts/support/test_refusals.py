"""Refusals at the desk: each of them a line, and never a flood of lines (issue 5, faults; R12, R20, R21)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Entry, Event, Role
from accounts.sign_in import How
from accounts.throttling import SUPPORT_REFUSED
from tests.agents import an_agent, at_desk
from tests.browser.states import signed_in
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
NOWHERE = "/support/accounts/agent/999999999/change/"


def lines(account: Account) -> list[dict[str, str]]:
    rows = Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=account.pk)
    return [each.detail for each in rows.order_by("pk")]


def a_member_s_browser(account: Account) -> Caller:
    caller = Caller()
    caller.client.cookies.load(signed_in(account, How.PASSWORD))
    return caller


@pytest.mark.parametrize("who", ["member", "agent"])
def test_the_journal_is_not_filled_by_asking_for_what_is_not_there(held_clock, account: Account, who: str) -> None:
    """Nobody may write into what cannot be erased as often as they like; the last line says that it is the last."""
    someone = account if who == "member" else an_agent()
    caller = a_member_s_browser(account) if who == "member" else at_desk(someone)
    answers = [caller.client.get(NOWHERE) for _ in range(SUPPORT_REFUSED.tries + 5)]
    assert {each.status_code for each in answers} == {404}
    told = lines(someone)
    assert len(told) == SUPPORT_REFUSED.tries
    assert ["limit" in each for each in told] == [False] * (SUPPORT_REFUSED.tries - 1) + [True]
    assert told[-1]["limit"] == "support_refused"
    # An hour later it is written again, one line an hour for who does not stop.
    held_clock.shift(timedelta(minutes=61))
    caller = a_member_s_browser(account) if who == "member" else at_desk(someone)
    for _ in range(5):
        assert caller.client.get(NOWHERE).status_code == 404
    assert len(lines(someone)) == SUPPORT_REFUSED.tries + 1


def test_one_account_s_flood_hides_nobody_else_s_line(account: Account) -> None:
    noisy, other = at_desk(an_agent()), an_agent(Role.AUDITOR)
    for _ in range(SUPPORT_REFUSED.tries + 1):
        noisy.client.get(NOWHERE)
    at_desk(other).client.get(NOWHERE)
    assert [each["why"] for each in lines(other)] == ["role"]


def test_a_refusal_that_is_not_written_costs_what_a_written_one_costs() -> None:
    """Whoever asks does not learn from the time that nothing is written any more; nor from the page."""
    caller = at_desk(an_agent())
    caller.client.get(NOWHERE)
    with CaptureQueriesContext(connection) as written:
        first = caller.client.get(NOWHERE)
    for _ in range(SUPPORT_REFUSED.tries):
        caller.client.get(NOWHERE)
    with CaptureQueriesContext(connection) as unwritten:
        last = caller.client.get(NOWHERE)
    assert len(written) == len(unwritten)
    assert without_reference(first) == without_reference(last)


def without_reference(answer: Any) -> str:
    """The page without the number of its request, which is another each time."""
    return re.sub(r"[0-9a-f]{12,}", "", answer.content.decode())
