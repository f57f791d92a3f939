"""Asking for a department: acknowledged, never twice, not for what is open already (F02, H05 to H08, R11)."""

import pytest

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Email, Entry, Event, Profile
from accounts.throttling import TooManyAttempts
from enrolment.departments import asking, deciding, known
from enrolment.departments.asking import Outcome
from enrolment.models import DepartmentRequest
from tests.departments import A_DAY, AIN, ELSEWHERE, HERE, accepted, asked, open_now
from tests.enrolment.threads import at_once
from tests.members import A_MOMENT, affiliate, an_account

pytestmark = [pytest.mark.django_db]
TODAY = A_MOMENT.date()


def ask(account: Account, department: str = AIN, way: str = ELSEWHERE) -> asking.Asked:
    return asking.ask(account, department=DEPARTMENTS[department], way=way, now=A_MOMENT)


@pytest.mark.sqlite
def test_a_request_is_kept_acknowledged_and_journaled(account: Account) -> None:
    """H08: ordonnance 2005-1516, art. 5."""
    request = asked(account)
    kinds = list(Email.objects.values_list("kind", flat=True))
    assert kinds == ["department_request_received"]
    assert request.reference in Email.objects.get().content["text"]
    entry = Entry.objects.get(event=Event.DEPARTMENT_ASKED)
    assert entry.detail == {"department": AIN, "way": "elsewhere", "reference": request.reference}


@pytest.mark.sqlite
def test_a_second_click_finds_the_first_request(account: Account) -> None:
    request = asked(account)
    again = ask(account)
    assert (again.outcome, again.request) == (Outcome.WAITING, request)
    assert (DepartmentRequest.objects.count(), Email.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_asks() -> None:
    account = an_account()
    outcomes = at_once(lambda: ask(account).outcome, lambda: ask(account).outcome)
    assert sorted(outcomes) == [Outcome.FILED, Outcome.WAITING]
    assert (DepartmentRequest.objects.count(), Email.objects.count()) == (1, 1)


@pytest.mark.sqlite
def test_where_the_registry_knows_the_member_nothing_is_decided(account: Account) -> None:
    """F02: open at once, no letter, no agent; a second time it is just open."""
    affiliate(account.member, AIN)
    assert [ask(account).outcome, ask(account).outcome] == [Outcome.OPENED, Outcome.OPEN]
    assert not DepartmentRequest.objects.exists()
    assert open_now(account) == {"67": "registry", AIN: "registry"}
    assert Entry.objects.get(event=Event.DEPARTMENT_OPENED).detail == {"department": AIN, "by": "registry"}


def test_a_refused_department_may_be_asked_for_again(account: Account, agent: Account) -> None:
    request = asked(account)
    assert deciding.refuse(request, by=agent, reason="unknown_here", now=A_MOMENT)
    assert ask(account).outcome is Outcome.FILED


def test_what_is_open_or_waits_is_not_offered(account: Account) -> None:
    affiliate(account.member, "68")
    asked(account)
    offered = {each.code for each in known.of(account, on=TODAY).elsewhere}
    assert not offered & {"67", "68", AIN}
    assert {"13", "2A", "974"} <= offered


def test_the_services_of_farms_are_for_farmers_of_the_own_caisse(account: Account) -> None:
    """H05: the particulier is told no; the farmer asks for the department of the farm, once."""
    assert ask(account, "67", HERE).outcome is Outcome.NOT_THEIRS
    assert not DepartmentRequest.objects.exists()
    affiliate(account.member, "68", Profile.FARMER)
    affiliate(account.member, "13", Profile.FARMER)
    state = known.of(account, on=TODAY)
    assert [each.code for each in state.here] == ["68"]
    assert ask(account, "13", HERE).outcome is Outcome.NOT_THEIRS
    assert [ask(account, "68", HERE).outcome, ask(account, "68", HERE).outcome] == [Outcome.FILED, Outcome.WAITING]
    state = known.of(account, on=TODAY)
    assert state.may_ask_here
    assert state.here == ()


def test_a_farmer_who_has_the_services_is_not_asked_again(account: Account) -> None:
    affiliate(account.member, "68", Profile.FARMER)
    request = accepted(account, "68", way=HERE)
    DepartmentRequest.objects.filter(pk=request.pk).update(opened_at=A_MOMENT + A_DAY)
    assert ask(account, "68", HERE).outcome is Outcome.OPEN


def test_nobody_floods_the_caisses(account: Account) -> None:
    for department in ("01", "02", "03", "04"):
        asked(account, department)
    asked(account, "05")
    with pytest.raises(TooManyAttempts):
        ask(account, "06")
    assert DepartmentRequest.objects.count() == 5
