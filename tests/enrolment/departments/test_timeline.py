"""What the member sees: asked, accepted, printed, posted with its arrival, opened; and what stops it (H08, R11)."""

import pytest

from accounts import letters
from accounts.letters import addresses
from accounts.models import Account, BadAddress, Letter
from enrolment.departments import deciding, following, opening, timeline
from tests.agents import an_agent
from tests.departments import A_DAY, AIN, accepted, asked, code_of, posted
from tests.members import A_MOMENT, affiliate

pytestmark = [pytest.mark.django_db]


def steps(account: Account, days: float = 0) -> list[str]:
    (line,) = timeline.of(account, now=A_MOMENT + days * A_DAY)
    return [f"{step.stage}:{step.mark}" for step in line.steps]


@pytest.mark.sqlite
def test_from_the_request_to_the_open_department(account: Account) -> None:
    request = asked(account)
    assert steps(account) == ["asked:done", "decision:now", "to_print:next", "code:next"]
    assert deciding.accept(request, by=an_agent(), now=A_MOMENT)
    assert steps(account) == ["asked:done", "accepted:done", "to_print:now", "code:next"]
    code = code_of(request)
    Letter.objects.update(printed_at=A_MOMENT)
    assert steps(account) == ["asked:done", "accepted:done", "printed:done", "code:next"]
    posted(request, now=A_MOMENT)
    assert steps(account) == ["asked:done", "accepted:done", "printed:done", "posted:now", "code:next"]
    opening.open_by_code(account, code, browser=b"m" * 32, now=A_MOMENT + A_DAY)
    assert steps(account, 1) == ["asked:done", "accepted:done", "printed:done", "posted:done", "opened:done"]


def test_a_refusal_ends_it(account: Account) -> None:
    assert deciding.refuse(asked(account), by=an_agent(), reason="unknown_here", now=A_MOMENT)
    assert steps(account) == ["asked:done", "refused:stopped"]


def test_it_says_what_stands_in_the_way(account: Account) -> None:
    """No good address; a letter of today already; a letter that came back; a code that is over."""
    mark = addresses.mark(account.member.postal_address)
    row = BadAddress.objects.create(member=account.member, fingerprint=mark, since=A_MOMENT)
    request = accepted(account)
    assert steps(account) == ["asked:done", "accepted:done", "no_address:stopped", "code:next"]
    addresses.clear_bad_address(row, by=an_agent(), now=A_MOMENT)
    assert steps(account) == ["asked:done", "accepted:done", "soon:now", "code:next"]
    request.delete()
    request = accepted(account)
    assert steps(account, 30)[-2:] == ["to_print:now", "expired:stopped"]
    letters.mark_returned(posted(request, now=A_MOMENT), by=an_agent(), now=A_MOMENT)
    assert steps(account)[-2:] == ["posted:done", "returned:stopped"]


def test_a_second_code_of_the_day_waits_for_the_next(account: Account) -> None:
    """R13: for that reason, and only for it, the line speaks of limits."""
    accepted(account)
    accepted(account, "13")
    for days, waits in ((0, "later"), (1, "soon")):
        stages = [[step.stage for step in line.steps][2:] for line in timeline.of(account, now=A_MOMENT + days * A_DAY)]
        assert sorted(stages) == [[waits, "code"], ["to_print", "code"]]


def test_what_the_registry_answered(account: Account) -> None:
    following.follow_registry(now=A_MOMENT)
    asked(account)
    affiliate(account.member, AIN)
    following.follow_registry(now=A_MOMENT + A_DAY)
    assert steps(account, 1) == ["asked:done", "known:done"]


def test_the_newest_request_of_a_department_is_shown(account: Account) -> None:
    deciding.refuse(asked(account), by=an_agent(), reason="unknown_here", now=A_MOMENT)
    again = asked(account, now=A_MOMENT + A_DAY)
    (line,) = timeline.of(account, now=A_MOMENT + A_DAY)
    assert line.request == again


def test_another_code_may_be_asked_for_after_a_week(account: Account) -> None:
    accepted(account)
    told = [timeline.of(account, now=A_MOMENT + days * A_DAY)[0].may_have_another for days in (0, 6.9, 7, 31)]
    assert told == [False, False, True, True]
