"""The day at the demonstration's desk: something in each list, laid out once, nowhere near real members (issue 5)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import journal
from accounts.identity.nir import Nir
from accounts.models import (
    Account,
    AddressChange,
    BadAddress,
    Banner,
    Company,
    CorrectionRequest,
    Entry,
    Event,
    LetterBatch,
    Member,
    News,
)
from accounts.support.lists import counts
from accounts.support.scope import Scope
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from franceconnect.models import LinkConflict
from msa_portal.demo import desk
from msa_portal.demo.agents import NotHere
from msa_portal.demo.companies import COMPANIES, EXPECTED, SETTLED
from msa_portal.demo.neighbours import NEIGHBOURS
from msa_portal.demo.personas import DEMO_PASSWORD, personas
from msa_portal.demo.seeding import seed
from msa_portal.environment import Mode
from tests.companies import a_request

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def day(held_clock: Any) -> Any:
    """What `make run` does before it serves."""
    seed(now=timezone.now())
    assert desk.lay_out(now=timezone.now())
    return held_clock


@pytest.mark.parametrize("each", NEIGHBOURS, ids=lambda each: each.slug)
def test_a_neighbour_is_somebody_who_could_be(each: Any) -> None:
    """R2: the key is right and the number agrees with the birth."""
    told = Nir.parse(each.number + each.nir.key)
    assert told.gender == each.gender
    assert each.number[1:5] == each.birth_date[2:4] + each.birth_date[5:7]
    assert each.number[5:10] == each.birth_place
    assert not re.search(r" [:;?!€»]|« ", each.why)


def test_nobody_of_them_is_a_persona_and_no_two_companies_share_a_number() -> None:
    """R1: fourteen digits whose control digits are right."""
    played = {persona.nir.number for persona in personas(today=timezone.localdate())}
    assert not played & {each.number for each in NEIGHBOURS}
    assert len({each.mobile for each in NEIGHBOURS} | {each.email for each in NEIGHBOURS}) == 2 * len(NEIGHBOURS)
    assert len({each.siret.number for each in COMPANIES}) == len(COMPANIES)


def test_something_waits_in_each_list(day: Any) -> None:
    """Issue 5, Support desk 5: counted as the home page counts."""
    waiting = {slug: each.counted(Scope("", None)) for slug, each in counts.COUNTS.items()}
    assert all(waiting.values()), waiting
    assert sorted(DepartmentRequest.objects.values_list("department", "accepted")) == [
        ("13", True), ("67", None), ("68", None), ("83", None),
    ]  # fmt: skip
    assert DepartmentRequest.objects.get(department="68").alerted_at
    assert set(RegistrationRequest.objects.filter(decided_at=None).values_list("kind", flat=True)) == {
        "company",
        "other",
    }
    assert AddressChange.objects.filter(decided_at=None).count() == 2
    assert BadAddress.objects.count() == LinkConflict.objects.count() == 1
    assert CorrectionRequest.objects.count() == 2
    assert Enrolment.objects.filter(tries_left=0, completed_at=None).count() == 1


@pytest.mark.parametrize("caisse", ["68", "13"])
def test_each_of_two_caisses_has_work_of_its_own(day: Any, caisse: str) -> None:
    """Issue 5, Support desk 2."""
    here = Scope(caisse, frozenset({"67", "68"} if caisse == "68" else {"06", "13", "83"}))
    told = {slug: each.counted(here) for slug, each in counts.COUNTS.items()}
    assert told["department_requests"]
    assert told["registration_requests"]
    assert told["address_changes"]
    assert told["department_requests"] < counts.COUNTS["department_requests"].counted(Scope("", None))


def test_letters_were_posted_one_came_back_and_a_batch_waits_for_the_post(day: Any) -> None:
    """R5, R7."""
    assert sorted(batch.posted_at is None for batch in LetterBatch.objects.all()) == [False, False, True]
    assert Entry.objects.filter(event=Event.LETTER_RETURNED).count() == 1


def test_a_company_signs_in_by_its_siret_and_another_waits_for_its_letter(day: Any) -> None:
    """R1."""
    by_number = {company.siret.number: company.account for company in Company.objects.all()}
    assert set(by_number) == {SETTLED.number, EXPECTED.number}
    assert by_number[SETTLED.number].check_password(DEMO_PASSWORD)
    assert not by_number[EXPECTED.number].has_usable_password()


def test_no_member_s_page_is_disturbed_and_no_persona_s_journey_is_begun(day: Any) -> None:
    """F09: the banner is over; accounts of personas are those of before."""
    assert not Banner.objects.filter(ends_at__gt=timezone.now()).exists()
    assert set(News.objects.values_list("caisse", flat=True)) == {"", "68", "13"}
    numbers = {persona.nir.number for persona in personas(today=timezone.localdate())}
    with_account = {account.member.nir.number for account in Account.objects.exclude(member=None)}
    assert numbers & with_account == {"1851013201907", "290112B033911"}


def test_nothing_of_it_is_of_tomorrow_and_the_journal_can_be_verified(day: Any) -> None:
    """R21: relative to the clock, sealed like any other line."""
    assert not Entry.objects.filter(at__gt=timezone.now()).exists()
    day.shift(timedelta(minutes=5))
    sealed = journal.seal(now=timezone.now())
    assert sealed == journal.verify() == Entry.objects.count()


def test_a_portal_that_was_used_before_gets_its_day_as_well(held_clock: Any) -> None:
    """Somebody's own requests are newer than the day's."""
    seed(now=timezone.now())
    RegistrationRequest.objects.filter(pk=a_request().pk).update(created_at=timezone.now())
    assert desk.lay_out(now=timezone.now())
    assert {company.siret.number for company in Company.objects.all()} == {SETTLED.number, EXPECTED.number}


WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


def test_a_second_start_asks_little_and_writes_nothing(day: Any) -> None:
    """Idempotent, and quick: the statements of a second `make run`, counted."""
    rows = (Entry.objects.count(), Member.objects.count(), Account.objects.count())
    day.shift(timedelta(hours=2))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert not desk.lay_out(now=timezone.now())
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        seed(now=timezone.now())
    assert len(asked) < 40
    assert not [each["sql"] for each in asked if WRITES.search(each["sql"])]
    assert rows == (Entry.objects.count(), Member.objects.count(), Account.objects.count())


def test_what_was_decided_stays_decided(day: Any) -> None:
    """The next start does not begin the day again."""
    DepartmentRequest.objects.all().delete()
    News.objects.all().delete()
    day.shift(timedelta(days=1))
    assert not desk.lay_out(now=timezone.now())
    assert not DepartmentRequest.objects.exists()
    assert not News.objects.exists()


def test_production_has_no_such_day(settings: Any) -> None:
    settings.MODE = Mode.PRODUCTION
    with pytest.raises(NotHere):
        desk.lay_out(now=timezone.now())
    assert not Member.objects.exists()
