"""The made-up members of the contract: valid numbers, and for each branch somebody (R2 to R5, F06)."""

import re
from datetime import date, timedelta

import pytest

from accounts import passwords
from accounts.identity.email import Email
from accounts.identity.nir import Nir
from accounts.identity.phone import Phone, PhoneKind
from accounts.identity.vitale import CardKind, parse_serial
from msa_portal.demo.personas import DEMO_PASSWORD, Persona, personas, registry_files

TODAY = date(2026, 3, 2)
PREFIX = "8025000002"
EVERYBODY = personas(today=TODAY)
BY_NIR = {persona.nir.number: persona for persona in EVERYBODY}

pytestmark = pytest.mark.sqlite


def amounts(persona: Persona) -> list[int]:
    return [paid.amount_cents for paid in persona.recent_payments]


def named(persona: Persona) -> str:
    return persona.slug


@pytest.mark.parametrize("persona", EVERYBODY, ids=named)
def test_the_number_is_valid_with_its_key_and_agrees_with_the_birth(persona: Persona) -> None:
    assert Nir.parse(persona.nir.number + persona.nir.key) == persona.nir
    assert persona.nir.agrees_with(persona.birth_date, persona.nir.gender)


@pytest.mark.parametrize("persona", EVERYBODY, ids=named)
def test_what_they_type_passes_the_fields(persona: Persona) -> None:
    assert Email.parse(persona.email).address.endswith("@example.org")
    assert Phone.parse(persona.mobile, kind=PhoneKind.MOBILE).grouped.startswith("06 39 98")
    for card in persona.cards:
        assert parse_serial(card.serial, kind=card.kind, nir=persona.nir, prefix=PREFIX) == card.serial


@pytest.mark.parametrize("persona", EVERYBODY, ids=named)
def test_why_they_are_there_is_told_in_french_typography(persona: Persona) -> None:
    assert persona.why.endswith(".")
    assert not re.search(r" [:;?!€]", persona.why)


def test_nobody_shares_a_number_a_name_an_address_or_a_telephone() -> None:
    for attribute in ("nir", "slug", "birth_name", "email", "mobile"):
        assert len({getattr(persona, attribute) for persona in EVERYBODY}) == len(EVERYBODY)


def test_lamy_has_the_payments_of_the_document_and_recent_ones() -> None:
    """F06, R4."""
    lamy = BY_NIR["1630967482229"]
    assert [department.code for department in lamy.departments] == ["67", "68"]
    assert (lamy.card.kind, lamy.card.serial) == (CardKind.PHOTO, "01024576124")
    old = [(paid.paid_on.isoformat(), paid.label, paid.amount_cents) for paid in lamy.payments[:3]]
    assert old == [("2020-09-08", "Santé", 2250), ("2020-09-08", "Santé", 250), ("2020-06-19", "Santé", 5900)]
    assert amounts(lamy) == [2250, 250, 5900, 12450]
    assert [paid.amount_cents for paid in lamy.telling_payments] == [5900, 12450]


def test_payments_stay_recent_on_any_day() -> None:
    """R4: a proof is younger than six months, whatever the day of the demonstration."""
    for day in (date(2026, 8, 31), date(2027, 2, 28), date(2028, 2, 29)):
        assert [amounts(persona) for persona in personas(today=day)] == [amounts(persona) for persona in EVERYBODY]


def test_the_branches_of_the_contract_have_somebody() -> None:
    keller, perrin = BY_NIR["2720367582905"], BY_NIR["1530101004901"]
    assert keller.card.kind is CardKind.NO_PHOTO
    assert len(keller.card.serial) == 9
    assert not perrin.has_health_cover
    assert len(amounts(perrin)) == 6
    assert all(cents % 100 for cents in amounts(perrin))
    corsican = BY_NIR["283072A004909"]
    assert (corsican.profile, [each.code for each in corsican.departments]) == ("farmer", ["2A", "13"])
    assert any(persona.nir.first_digit == "3" and persona.status == "waiting" for persona in EVERYBODY)
    assert any(persona.birth_date.iso == "1950-00-00" and persona.status == "certified" for persona in EVERYBODY)
    assert {nir for nir, persona in BY_NIR.items() if persona.is_registered} == {"1851013201907", "290112B033911"}
    assert any(persona.is_deceased for persona in EVERYBODY)
    assert any(not persona.has_address for persona in EVERYBODY)
    assert any(len(persona.departments) == 4 for persona in EVERYBODY)
    assert any(amounts(persona) and max(amounts(persona)) < 30_00 for persona in EVERYBODY)


def test_the_registry_files_hold_dates_only() -> None:
    payments = registry_files(today=TODAY)["payments.csv"].decode()
    assert "nir,department,paid_on,kind,label,amount_cents" in payments
    assert f"1630967482229,67,{TODAY - timedelta(days=12)},sante,Santé,2250" in payments
    assert not re.search(r",-\d", payments)


def test_the_password_of_the_demonstration_meets_the_rule() -> None:
    """D06, R9."""
    assert passwords.judge(DEMO_PASSWORD).accepted
