"""What is left over of an association, of a stranger's registration or of a first link opens nothing (I14, R8, R13)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import contact, own_password
from accounts.identity.email import Email
from accounts.models import Account, Channel, Code
from franceconnect.client import registering
from franceconnect.models import Link
from tests.franceconnect.client.test_at_once import ADDRESS, there
from tests.franceconnect.client.traveller import Traveller
from tests.members import GARCIN, LAMY, NEXT_PASSWORD, OWN_PASSWORD, a_member, an_account
from tests.personas import persona
from tests.stories.caller import Caller
from tests.stories.signing_in import link_in_mail_to, sign_in, temporary_password

pytestmark = pytest.mark.django_db
DISSOCIATE, LEAVE = "/mon-compte/franceconnect/dissocier/", "Dissocier mon compte FranceConnect"


def test_dissociating_ends_what_franceconnect_opened_elsewhere(simulator):
    """I14: who dissociates because somebody else has their FranceConnect account shows them out."""
    persona("garcin")
    thief = Traveller(simulator, "garcin", address="198.51.100.7").arrive().press("Se connecter", nir=GARCIN)
    member = Traveller(simulator, "garcin").sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    member.visit(DISSOCIATE).press(LEAVE)
    assert not Link.objects.exists()
    assert member.is_in
    assert not thief.is_in


def test_a_first_sign_in_ends_what_waits_in_an_unproven_mailbox(simulator):
    """I13, R8: a stranger registered with a card that was found; their temporary password opens nothing any more."""
    member = a_member()
    account = an_account(member, password=None, email="stranger@example.org")
    stranger = temporary_password(account)
    caller = Traveller(simulator).arrive().press("Se connecter", nir=LAMY)
    assert caller.path == "/coordonnees/confirmer/"
    thief = Caller("198.51.100.7")
    sign_in(thief, nir=LAMY, password=stranger)
    assert thief.client.get("/mon-compte/").status_code == 302
    assert Account.objects.get().email_proven_at is None


def test_what_comes_by_letter_to_the_true_person_still_opens(simulator):
    """R5, R13: nobody but the member has that."""
    account = an_account(a_member(), password=None, email="stranger@example.org")
    temporary_password(account, Channel.POST)
    Traveller(simulator).arrive().press("Se connecter", nir=LAMY)
    assert Code.objects.filter(purpose=Code.Purpose.TEMPORARY_PASSWORD, used_at=None).exists()


def test_a_first_password_leaves_the_link_that_proves_the_address(db):
    """R8, B29: both come in the first quarter of an hour, in whichever order."""
    now = timezone.now()
    done = registering.register(there(), a_member(), email=ADDRESS, mobile=None, now=now)
    own_password.choose_first(done.sign_in.account, NEXT_PASSWORD, browser=b"b" * 32, now=now)
    secret = link_in_mail_to(ADDRESS.address).strip("/").rpartition("/")[2]
    assert contact.change_email(secret, now=now + timedelta(minutes=1)).email_proven_at


def test_a_first_password_ends_a_link_to_another_address(db):
    """R13: what somebody asked for before does not outlive it."""
    now = timezone.now()
    account = an_account(password=None, contact_confirmed_at=now)
    contact.ask_email_change(account, Email.parse("other@example.org"), now=now)
    own_password.choose_first(account, NEXT_PASSWORD, browser=b"b" * 32, now=now)
    assert not Code.objects.filter(purpose=Code.Purpose.EMAIL_LINK, used_at=None).exists()
