"""The end of a journey is one transaction: all of it or nothing, once (R5, R7, R23)."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts import outbox
from accounts.models import Account, Code, Email, Event, Letter
from enrolment import completion
from enrolment.completion import Outcome
from enrolment.models import Enrolment
from tests.enrolment.threads import at_once
from tests.stories.registering import CANNOT_ANSWER, Registrant, registrant
from tests.stories.traces import happened


def ready(*, proven: bool = True) -> Registrant:
    """Fritz one click before the end."""
    if proven:
        return registrant("lamy")[0].until("conditions")
    return registrant("lamy", health_cover="no")[0].until("paiement").press(CANNOT_ANSWER).until("conditions")


def finishing(enrolment: Enrolment) -> Callable[[], Outcome]:
    return lambda: completion.complete(Enrolment.objects.get(pk=enrolment.pk), now=timezone.now())


def one_of_everything() -> None:
    assert Account.objects.count() == 1
    assert Code.objects.count() == 1
    assert [email.kind for email in Email.objects.exclude(kind="registration_by_post")] == ["temporary_password"]
    assert [letter.kind for letter in Letter.objects.all()] == ["registration_confirmation"]
    assert len(happened(Event.REGISTRATION_COMPLETED)) == 1


@pytest.mark.django_db(transaction=True)
def test_one_journey_finished_by_several_clicks_at_once_is_finished_once():
    """B24, R23: four clicks, one account, one mail."""
    ready()
    enrolment = Enrolment.objects.get()
    assert sorted(at_once(*[finishing(enrolment)] * 4)) == [
        Outcome.DONE_ALREADY,
        Outcome.DONE_ALREADY,
        Outcome.DONE_ALREADY,
        Outcome.EMAIL,
    ]
    one_of_everything()


@pytest.mark.django_db(transaction=True)
def test_two_journeys_of_one_member_finished_at_once_open_one_account():
    """B09, R5: the later one is told that there is an account, for it proved who it is."""
    ready()
    ready()
    first, second = Enrolment.objects.all()
    assert sorted(at_once(finishing(first), finishing(second))) == [Outcome.EMAIL, Outcome.EXISTS]
    one_of_everything()


@pytest.mark.django_db(transaction=True)
def test_a_proven_journey_and_one_by_post_at_once_open_one_account():
    """R5: whichever is first; by post, the page never tells."""
    ready()
    ready(proven=False)
    first, second = Enrolment.objects.all()
    outcomes = at_once(finishing(first), finishing(second))
    assert Outcome.POST in outcomes
    outbox.sweep(now=timezone.now())
    assert Account.objects.count() == 1
    assert Email.objects.filter(kind="temporary_password").count() == 1
    assert not Letter.objects.filter(kind="temporary_password").exists()


FAULTS = {
    "mail": ("accounts_email", "id"),
    "letter": ("accounts_letter", "id"),
    "code": ("accounts_code", "id"),
    "journal": ("accounts_entry", "account"),
    "journey": ("enrolment_enrolment", "completed_at"),
}


@pytest.fixture(params=FAULTS)
def faulty_table(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[tuple[Registrant, str]]:
    """A table that takes no more rows, as when a disk is full: a constraint that nothing meets."""
    if connection.vendor != "postgresql":
        pytest.fail("the fault is made with PostgreSQL's NOT VALID")
    table, column = FAULTS[request.param]
    caller = ready()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT full_disk CHECK ({column} IS NULL) NOT VALID")
    yield caller, table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS full_disk")


def test_a_fault_in_the_middle_of_the_end_leaves_nothing_and_can_be_tried_again(faulty_table):
    """R23: neither account nor mail nor finished journey; then the member presses the button again."""
    caller, table = faulty_table
    with pytest.raises(DatabaseError):
        completion.complete(Enrolment.objects.get(), now=timezone.now())
    for model in (Account, Code, Email, Letter):
        assert not model.objects.exists()
    assert not happened(Event.REGISTRATION_COMPLETED)
    held = Enrolment.objects.get()
    assert held.completed_at is None
    assert held.answers["coordonnees"]["birth_name"] == "LAMY"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT full_disk")
    caller.answer().sees("Inscription terminée")
    one_of_everything()
