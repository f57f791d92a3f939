"""How long the rows of registrations and of requests for departments stay (R16)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import own_password
from accounts.models import Letter, Profile
from enrolment import journey, retention
from enrolment.departments import deciding, opening, posting, timeline
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from msa_portal.retention import purge as purge_everything
from tests.agents import an_agent
from tests.departments import HERE, accepted, asked, code_of
from tests.members import A_MOMENT, NEXT_PASSWORD, affiliate, an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in


@pytest.mark.django_db
def test_journeys_go_24_hours_after_they_began_finished_or_not(held_clock):
    """R16."""
    journey.start(now=timezone.now())
    held_clock.shift(timedelta(hours=12))
    later = journey.start(now=timezone.now())
    held_clock.shift(timedelta(hours=12, seconds=1))
    assert retention.purge(now=timezone.now())["enrolments"] == 1
    assert Enrolment.objects.get() == later


# Requests for departments ---------------------------------------------------------------------------------------------

YEAR = timedelta(days=365)
A_SECOND = timedelta(seconds=1)


def purged(after: timedelta) -> int:
    return retention.purge(now=A_MOMENT + after)["department requests"]


@pytest.mark.django_db
def test_a_request_goes_a_year_after_it_was_refused_closed_or_opened() -> None:
    """Issue 5, Departments 4: as the letters do."""
    account = an_account()
    refused, closed, opened = (asked(account, department) for department in ("01", "13", "2A"))
    assert deciding.refuse(refused, by=an_agent(), reason="unknown_here", now=A_MOMENT)
    assert opening.close(closed, now=A_MOMENT)
    DepartmentRequest.objects.filter(pk=opened.pk).update(decided_at=A_MOMENT, accepted=True, opened_at=A_MOMENT)
    assert purged(YEAR) == 0
    assert purged(YEAR + A_SECOND) == 3
    assert not DepartmentRequest.objects.exists()


@pytest.mark.django_db
def test_a_request_that_waits_stays_however_old() -> None:
    """For an agent, for a letter: somebody has to do something, and sees it."""
    account = an_account()
    asked(account, "13")
    Letter.objects.filter(pk=accepted(account, "01").letter_id).delete()
    assert purged(5 * YEAR) == 0
    assert DepartmentRequest.objects.count() == 2


@pytest.mark.django_db
def test_a_code_that_nobody_types_is_not_posted_again_each_year() -> None:
    """The row of a letter goes after a year: its request would look as if its code had never left (R11, R13)."""
    accepted(an_account())
    Letter.objects.update(printed_at=A_MOMENT, posted_at=A_MOMENT, content=None)
    later = A_MOMENT + YEAR + A_SECOND
    purge_everything(now=later)
    assert not DepartmentRequest.objects.exists()
    assert posting.send_waiting(now=later) == 0
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_what_was_opened_and_closed_counts_from_its_end() -> None:
    request = asked(an_account())
    DepartmentRequest.objects.update(accepted=True, opened_at=A_MOMENT, closed_at=A_MOMENT + YEAR)
    assert purged(2 * YEAR) == 0
    assert DepartmentRequest.objects.get() == request
    assert purged(2 * YEAR + A_SECOND) == 1


@pytest.mark.django_db
def test_the_services_of_a_farm_are_open_by_their_request_which_stays() -> None:
    """H05: that row is all that says so, until the farm ends."""
    account = an_account()
    affiliate(account.member, "68", Profile.FARMER)
    request = asked(account, "68", way=HERE)
    DepartmentRequest.objects.update(accepted=True, decided_at=A_MOMENT, opened_at=A_MOMENT)
    assert purged(3 * YEAR) == 0
    assert DepartmentRequest.objects.get(closed_at=None) == request


@pytest.mark.django_db
def test_a_department_stays_open_without_its_request() -> None:
    """H08, R11: no line any more, the department among those that are open, and nothing to ask for."""
    account = an_account()
    opening.open_by_code(account, code_of(accepted(account)), browser=b"m" * 32, now=A_MOMENT)
    own_password.personalise(account, NEXT_PASSWORD, how=None, browser=b"m" * 32, now=A_MOMENT)
    assert purged(YEAR + A_SECOND) == 1
    assert timeline.of(account, now=A_MOMENT + 2 * YEAR) == ()
    caller = sign_in(Caller(), NEXT_PASSWORD).visit("/mon-compte/complement-inscription/")
    caller.sees("Aucune demande pour le moment", "Mes départements ouverts", "01-Ain")
    assert 'value="01"' not in caller.visit("/mon-compte/complement-inscription/autre-msa/").response.content.decode()


@pytest.mark.django_db
def test_they_go_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a table."""
    monkeypatch.setattr(retention, "BATCH", 2)
    account = an_account()
    for department in ("01", "02", "03", "04", "05"):
        asked(account, department)
    DepartmentRequest.objects.update(closed_at=A_MOMENT)
    with CaptureQueriesContext(connection) as queries:
        assert purged(2 * YEAR) == 5
    deleted = [
        query["sql"] for query in queries if query["sql"].startswith('DELETE FROM "enrolment_departmentrequest"')
    ]
    assert len(deleted) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RegistrationRequest.Kind.values)
def test_what_a_stranger_asked_for_goes_a_year_after_it_was_decided(kind: str) -> None:
    """R1: with the name, the e-mail and the telephone in it; the account of a company stays."""
    for number, decided_at in enumerate((A_MOMENT, None)):
        request = RegistrationRequest(kind=kind, department="67", created_at=A_MOMENT, decided_at=decided_at)
        request.reference, request.details = f"ACDE-FGH{number + 3}", {"name": "Odile Muller"}
        request.save()
    account = an_account()
    RegistrationRequest.objects.update(account=account)
    assert retention.purge(now=A_MOMENT + YEAR)["registration requests"] == 0
    assert retention.purge(now=A_MOMENT + YEAR + A_SECOND)["registration requests"] == 1
    assert RegistrationRequest.objects.get().decided_at is None
    account.refresh_from_db()
