"""The personas that tests share."""

from datetime import date

import pytest

from accounts.models import Entry
from msa_portal.demo.personas import DEMO_PASSWORD, personas
from tests.conftest import A_MONDAY_MORNING
from tests.personas import persona

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


@pytest.mark.parametrize("slug", [each.slug for each in personas(today=date(2026, 3, 2))])
def test_each_persona_can_be_loaded_twice(slug):
    assert persona(slug).member == persona(slug).member


def test_several_personas_meet_in_one_test():
    slugs = ["benali", "perrin", "garcin", "lamy", "orsini", "hoarau"]
    assert [persona(slug).persona.slug for slug in slugs] == slugs
