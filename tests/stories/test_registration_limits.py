"""What one network may ask, and how a payment proves, to the day and to the cent (R4, R6, R12)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Member, Payment
from accounts.throttling import REGISTRATION_NETWORK, take
from tests.personas import persona
from tests.stories.registering import Registrant, registrant

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


def paid(member: Member, cents: int, on: date) -> None:
    Payment.objects.create(member=member, department="67", paid_on=on, kind="sante", label="Santé", amount_cents=cents)


def asked_for_a_payment(now: datetime, *payments: tuple[int, date]) -> tuple[time_machine.travel, Registrant]:
    """Fritz at the payment question at this moment, with these payments and no other."""
    clock = time_machine.travel(now, tick=False)
    clock.start()
    fritz, known = registrant("lamy", health_cover="no")
    Payment.objects.filter(member=known.member).delete()
    for cents, on in payments:
        paid(known.member, cents, on)
    return clock, fritz.until("paiement")


@pytest.fixture
def at_the_question():
    clocks = []

    def begin(now: datetime, *payments: tuple[int, date]) -> Registrant:
        clock, fritz = asked_for_a_payment(now, *payments)
        clocks.append(clock)
        return fritz

    yield begin
    for clock in clocks:
        clock.stop()


NOON = datetime(2026, 8, 31, 12, 0, tzinfo=PARIS)
DAYS = {
    "six months to the day, clamped to the end of February": (NOON, date(2026, 2, 28), True),
    "a day too old": (NOON, date(2026, 2, 27), False),
    "today": (NOON, date(2026, 8, 31), True),
    "tomorrow": (NOON, date(2026, 9, 1), False),
    "today in Paris, still yesterday in Greenwich": (
        datetime(2026, 7, 15, 0, 30, tzinfo=PARIS),
        date(2026, 7, 15),
        True,
    ),
    "six months before the day in Paris": (datetime(2026, 7, 15, 0, 30, tzinfo=PARIS), date(2026, 1, 14), False),
}


@pytest.mark.parametrize("day", DAYS)
def test_a_payment_of_the_last_six_months_counts_to_the_day(at_the_question, day):
    """R4, B16: in the days of the member's calendar."""
    now, on, proves = DAYS[day]
    fritz = at_the_question(now, (45_10, on)).answer(amount="45,10")
    assert (fritz.slug == "mot-de-passe") is proves


@pytest.mark.parametrize(
    ("payments", "typed", "proves"),
    [
        ([(29_99, date(2026, 8, 1)), (30_00, date(2026, 8, 2))], "29,99", False),
        ([(29_99, date(2026, 8, 1)), (30_00, date(2026, 8, 2))], "30,00", True),
        ([(29_99, date(2026, 8, 1)), (8_25, date(2026, 8, 2))], "8,25", True),
        ([(29_99, date(2026, 8, 1)), (99_00, date(2025, 8, 2))], "29,99", True),
        ([(45_10, date(2026, 8, 1))], "45,11", False),
        ([(45_10, date(2026, 8, 1))], "45,00", False),
        ([(-45_10, date(2026, 8, 1))], "45,10", False),
        ([], "45,10", False),
    ],
    ids=["small beside large", "thirty", "only small", "large is too old", "a cent", "round", "taken back", "none"],
)
def test_small_payments_prove_only_when_there_is_no_other(at_the_question, payments, typed, proves):
    """R4: usual refunds can be guessed."""
    fritz = at_the_question(NOON, *payments).answer(amount=typed)
    assert (fritz.slug == "mot-de-passe") is proves


def test_who_only_has_small_payments_is_proven_by_one(held_clock):
    """R4: Maëlle."""
    maelle, _ = registrant("kervadec")
    maelle.until("paiement").answer(amount="26,75")
    assert maelle.slug == "mot-de-passe"


@pytest.mark.parametrize("typed", ["59", "59,0", "59,00 $", "cinquante"])
def test_an_amount_that_cannot_be_read_costs_no_try(held_clock, typed):
    """R4: told at the field, then answered rightly."""
    fritz, _ = registrant("lamy", health_cover="no")
    fritz.until("paiement").answer(amount=typed)
    assert "amount" in fritz.page.errors
    fritz.does_not_see("Il vous reste")
    assert fritz.answer(amount="59.00").slug == "mot-de-passe"


def test_sixty_numbers_an_hour_from_one_network_then_a_pause_in_words(held_clock):
    """R6, R12: the page that tells of accounts is throttled per network; what was typed stays."""
    persona("lamy")
    typed = {"profile": "individual", "nir": "1630967482229"}
    caller = Registrant(typed).until("identifiant")
    for _ in range(60):
        assert caller.answer().slug == "munissez-vous"
        caller.visit("/inscription/identifiant/")
    caller.answer()
    assert caller.response.status_code == 429
    assert int(caller.response["Retry-After"]) > 0
    caller.sees("Trop de demandes sont venues de votre connexion internet. Attendez")
    assert caller.page.forms[-1].values["nir"].replace(" ", "") == "1630967482229"
    assert Registrant(typed, address="198.51.100.7").until("munissez-vous").slug == "munissez-vous"
    held_clock.shift(timedelta(hours=2))
    assert caller.answer().slug == "munissez-vous"


def test_a_household_behind_one_ipv6_subscription_is_one_network(held_clock):
    """R12: the /64 of a subscriber counts as one address."""
    for _ in range(60):
        take((REGISTRATION_NETWORK, "2001:db8:1:2::/64"), now=datetime.now(tz=PARIS))
    typed = {"profile": "individual", "nir": "1630967482229"}
    caller = Registrant(typed, address="2001:db8:1:2:3:4:5:6").until("identifiant").answer()
    assert caller.response.status_code == 429
