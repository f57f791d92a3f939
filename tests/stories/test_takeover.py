"""Somebody who knows a member's number, name and birth date tries to get into their space (R5, R8, R12, R13)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import contact, outbox
from accounts.identity.email import Email as Address
from accounts.models import Account, Code, KnownBrowser, Letter
from tests.members import NEXT_PASSWORD
from tests.stories.caller import Caller, last_mail_to
from tests.stories.registering import CANNOT_ANSWER, registrant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

THIEF = "voleur@example.org"


def by_letter(email: str) -> None:
    thief, _ = registrant("lamy", email=email, health_cover="no")
    thief.until("paiement").press(CANNOT_ANSWER).finish()


def test_a_stranger_who_registers_a_member_by_letter_never_gets_a_mail_or_a_way_in():
    """R5, R8: the member signs in with the letter; the stranger's address is nowhere."""
    by_letter(THIEF)
    password = Letter.objects.get().content["password"]
    member = Caller("198.51.100.4").visit("/connexion/")
    member.press("Se connecter", login_id="1630967482229", password=password)
    member.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD).follow("Continuer")
    assert THIEF not in member.response.content.decode()
    member.sees("En confirmant, vous acceptez les conditions générales d'utilisation")
    member.press("Je confirme mes coordonnées", email="fritz@example.org")
    code = re.search(r"^(\d{6})$", last_mail_to("fritz@example.org"), re.MULTILINE)
    assert code
    member.press("Valider", code=code[1]).sees("Vos coordonnées ont été vérifiées.")
    account = Account.objects.get()
    assert account.email == "fritz@example.org"
    assert account.terms_version
    Caller().visit("/mot-de-passe/oublie/").press("Continuer", login_id="1630967482229")
    outbox.sweep(now=timezone.now())
    assert not any(THIEF in message.to for message in mail.outbox)


def test_a_member_without_a_mailbox_confirms_without_one():
    """E01, R8: nobody is stuck before the space; a proven address is changed, not dropped."""
    by_letter(THIEF)
    password = Letter.objects.get().content["password"]
    member = Caller("198.51.100.4").visit("/connexion/")
    member.press("Se connecter", login_id="1630967482229", password=password)
    member.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD).follow("Continuer")
    member.press("Je confirme mes coordonnées", email="").sees("Vos coordonnées ont été vérifiées.")
    assert Account.objects.get().email is None


def test_an_address_that_was_never_proven_takes_nothing_back():
    """R13: no notice and no undo go to it when the member proves another one."""
    by_letter(THIEF)
    account = Account.objects.get()
    Account.objects.filter(pk=account.pk).update(email_proven_at=None)
    account.email = THIEF
    account.save(update_fields=["email"])
    contact.ask_email_change(account, Address("fritz@example.org"), now=timezone.now())
    outbox.sweep(now=timezone.now())
    link = re.search(r"/email/lien/([\w-]+)/", last_mail_to("fritz@example.org"))
    assert link
    contact.change_email(link[1], now=timezone.now())
    assert not Code.objects.filter(purpose=Code.Purpose.EMAIL_UNDO).exists()


def test_who_undoes_a_change_shuts_the_thief_out_for_good(held_clock):
    """R13: the thief knew the password; it opens nothing any more, nor does the browser they used."""
    fritz, known = registrant("garcin")
    account = known.account
    contact.ask_email_change(account, Address(THIEF), now=timezone.now())
    link = re.search(r"/email/lien/([\w-]+)/", last_mail_to(THIEF))
    assert link
    contact.change_email(link[1], now=timezone.now())
    held_clock.shift(timedelta(hours=1))
    undo = re.search(r"/email/annuler/([\w-]+)/", last_mail_to(known.persona.email))
    assert undo
    contact.undo_email_change(undo[1], now=timezone.now())
    account.refresh_from_db()
    assert account.email == known.persona.email
    assert not account.has_usable_password()
    assert not KnownBrowser.objects.filter(account=account).exists()
