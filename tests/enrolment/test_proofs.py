"""Serials and amounts as proofs: what fits, what a try costs, how far back six months go (R3, R4, R5, R12)."""

import calendar
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event, VitaleCard
from accounts.throttling import IDENTITY_ANSWERS, take
from enrolment import journey, proofs
from enrolment.matching import Match, Typed
from enrolment.models import Enrolment
from enrolment.proofs import Claim, months_before
from tests.personas import persona
from tests.stories.traces import happened


@given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)), months=st.integers(0, 240))
def test_months_before_keeps_the_day_or_takes_the_last_of_that_month(day, months):
    """R4."""
    then = months_before(day, months)
    assert (day.year * 12 + day.month) - (then.year * 12 + then.month) == months
    assert then.day == min(day.day, calendar.monthrange(then.year, then.month)[1])


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 6, date(2025, 7, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 12, date(2025, 3, 2)),
    ],
)
def test_months_before_on_the_days_that_matter(day, months, then):
    """R4: ends of months, leap years, turns of the year."""
    assert months_before(day, months) == then


@pytest.fixture
def claim(db: None, held_clock: object) -> Claim:
    known = persona("lamy")
    return Claim(Typed(known.nir, "LAMY", "Fritz", known.persona.birth_date), Match.MATCHED, known.member)


@pytest.fixture
def nobodys_claim(claim: Claim) -> Claim:
    return Claim(claim.typed, Match.NAME_DIFFERS, None)


@pytest.mark.parametrize(
    ("kind", "serial", "fits"),
    [
        ("photo", "01024576124", True),
        ("photo", "1024576124", True),
        ("photo", "01024576125", False),
        ("no_photo", "01024576124", False),
    ],
)
def test_a_card_fits_by_kind_and_serial_leading_zeros_apart(claim, nobodys_claim, kind, serial, fits):
    """R3."""
    assert proofs.card_fits(claim, kind=kind, serial=serial) is fits
    assert proofs.card_fits(nobodys_claim, kind=kind, serial=serial) is False


def test_a_revoked_card_fits_nothing(claim):
    """R3."""
    VitaleCard.objects.update(revoked_on=date(2026, 3, 1))
    assert not proofs.card_fits(claim, kind="photo", serial="01024576124")


def test_the_right_answer_costs_nothing(claim):
    """R5, R12."""
    enrolment = journey.start(now=timezone.now())
    for _ in range(12):
        assert proofs.attempt(enrolment, claim, lambda: True, now=timezone.now()) is None
    enrolment.refresh_from_db()
    assert enrolment.tries_left == 3


def test_an_answer_that_fits_proves_nothing_when_the_registry_does_not_agree(nobodys_claim):
    """R5."""
    enrolment = journey.start(now=timezone.now())
    assert proofs.attempt(enrolment, nobodys_claim, lambda: True, now=timezone.now()) == 2
    assert not happened(Event.REGISTRATION_IDENTITY_PROVEN)


def test_out_of_tries_the_answer_is_not_even_looked_at(claim):
    """R5."""
    enrolment = journey.start(now=timezone.now())
    Enrolment.objects.update(tries_left=0)
    looked = []
    assert proofs.attempt(enrolment, claim, lambda: not looked.append(1), now=timezone.now()) == 0
    assert not looked
    assert enrolment.tries_left == 0


def test_the_tenth_wrong_answer_for_a_number_ends_every_registration_that_names_it(claim, held_clock):
    """R12: until the next day."""
    for _ in range(10):
        take((IDENTITY_ANSWERS, claim.typed.nir.number), now=timezone.now())
    enrolment = journey.start(now=timezone.now())
    assert proofs.attempt(enrolment, claim, lambda: True, now=timezone.now()) == 0
    enrolment.refresh_from_db()
    assert enrolment.tries_left == 0
    held_clock.shift(timedelta(days=1, minutes=1))
    assert proofs.attempt(journey.start(now=timezone.now()), claim, lambda: True, now=timezone.now()) is None


def test_the_outcome_says_whether_the_caisse_always_writes(claim):
    """R5: and keeps neither serial nor amount."""
    assert proofs.outcome(claim, now=timezone.now()) == {"proven": True, "by_post": False}
    overseas = persona("hoarau")
    theirs = Claim(claim.typed, Match.MATCHED, overseas.member)
    assert proofs.outcome(theirs, now=timezone.now()) == {"proven": True, "by_post": True}
