"""The personas that tests share."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.identity.amount import parse_amount
from accounts.identity.birth_date import BirthDate
from accounts.identity.nir import Nir
from accounts.models import Entry
from enrolment.matching import Match, Typed, match
from enrolment.proofs import Claim, card_fits, payment_fits
from msa_portal.demo.personas import DEMO_PASSWORD, personas
from tests.conftest import A_MONDAY_MORNING
from tests.personas import Known, persona

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_persona_is_the_member_and_what_they_type(held_clock):
    lamy = persona("lamy")
    assert lamy.member.nir.number == "1630967482229"
    assert lamy.typed == {
        "profile": "individual",
        "nir": "1 63 09 67 482 229",
        "birth_name": "LAMY",
        "given_names": "Fritz",
        "birth_date": "08/09/1963",
        "email": "fritz.lamy@example.org",
        "mobile": "06 39 98 10 01",
        "health_cover": "yes",
        "card_kind": "photo",
        "vitale_serial": "01024576124",
        "amount": "59,00\u00a0€",
    }
    assert lamy.account is None
    newest = lamy.member.payments.latest_first().first()
    assert (A_MONDAY_MORNING.date() - newest.paid_on).days == 12


def test_who_is_already_registered_has_an_account():
    garcin = persona("garcin")
    assert garcin.account is not None
    assert garcin.account.check_password(DEMO_PASSWORD)


def test_a_persona_leaves_the_journal_to_the_test():
    persona("garcin")
    assert not Entry.objects.exists()


EVERY_SLUG = [each.slug for each in personas(today=date(2026, 3, 2))]


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_each_persona_can_be_loaded_twice(slug):
    assert persona(slug).member == persona(slug).member


def test_several_personas_meet_in_one_test():
    slugs = ["benali", "perrin", "garcin", "lamy", "orsini", "hoarau"]
    assert [persona(slug).persona.slug for slug in slugs] == slugs


def claim_of(known: Known) -> Claim:
    said = known.typed
    born = BirthDate.parse_typed(said["birth_date"], today=timezone.localdate())
    typed = Typed(Nir.parse(said["nir"]), said["birth_name"], said["given_names"], born)
    return Claim(typed, *match(typed))


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_what_a_persona_types_is_what_the_registry_knows(slug):
    """R3, R4, R5."""
    known = persona(slug)
    claim, said = claim_of(known), known.typed
    assert claim.outcome is (Match.DECEASED if slug == "moreau" else Match.MATCHED)
    if said["vitale_serial"] and claim.member:
        assert card_fits(claim, kind=said["card_kind"], serial=said["vitale_serial"])
    if said["amount"] and claim.member:
        assert payment_fits(claim, cents=parse_amount(said["amount"]), today=timezone.localdate())
    assert claim.member is None or said["vitale_serial"] or said["amount"]


def test_the_small_payments_of_lamy_prove_nothing_and_those_of_kervadec_do():
    """R4."""
    today = timezone.localdate()
    assert not payment_fits(claim_of(persona("lamy")), cents=22_50, today=today)
    assert payment_fits(claim_of(persona("kervadec")), cents=8_25, today=today)


def test_the_lost_card_of_dubreuil_is_refused():
    """R3."""
    known = persona("dubreuil")
    lost = next(card for card in known.persona.cards if card.is_revoked)
    assert not card_fits(claim_of(known), kind=lost.kind, serial=lost.serial)
