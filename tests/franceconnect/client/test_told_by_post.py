"""Who has no proven address hears by post that FranceConnect opens their account, or no more (I13, I14, R7, R8)."""

import pytest

from accounts.models import Account, Email, Letter
from tests.franceconnect.client.traveller import Traveller
from tests.members import GARCIN
from tests.personas import persona

pytestmark = pytest.mark.django_db
KINDS = (Letter.Kind.FRANCECONNECT_LINKED, Letter.Kind.FRANCECONNECT_UNLINKED)


def letters() -> list[str]:
    return list(Letter.objects.filter(kind__in=KINDS).order_by("created_at").values_list("kind", flat=True))


def test_an_account_without_a_proven_address_is_told_by_post(simulator):
    """I13, I14, R8: nothing goes to an address that may be a stranger's; the true member hears of it all the same."""
    persona("garcin")
    Account.objects.update(email_proven_at=None)
    Traveller(simulator, "garcin").arrive().press("Se connecter", nir=GARCIN)
    assert letters() == [Letter.Kind.FRANCECONNECT_LINKED]
    Account.objects.update(email_proven_at=None)
    member = Traveller(simulator, "garcin").sign_in_here(nir=GARCIN)
    Account.objects.update(contact_confirmed_at="2026-11-20T09:00:00Z")
    member.visit("/mon-compte/franceconnect/dissocier/").press("Dissocier mon compte FranceConnect")
    assert letters() == list(KINDS)
    assert not Email.objects.filter(kind__startswith="franceconnect_").exists()


def test_a_proven_address_hears_by_email_only(simulator):
    """I13."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press("Se connecter", nir=GARCIN)
    assert Email.objects.filter(kind="franceconnect_linked").count() == 1
    assert letters() == []


def test_a_registration_is_told_by_its_own_letter_alone(simulator):
    """B29, R7."""
    persona("lamy")
    here = Traveller(simulator).arrive().press("Se connecter", nir="1630967482229")
    here.press("Finaliser mon inscription", email="fritz.lamy@example.org")
    assert list(Letter.objects.values_list("kind", flat=True)) == [Letter.Kind.REGISTRATION_CONFIRMATION]
