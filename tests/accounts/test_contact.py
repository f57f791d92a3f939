"""The verbs behind the contact details: whole or not at all (E01 to E06, G01 to G04, R8, R13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts import codes, contact
from accounts.codes import CodeRefused
from accounts.contact import PostalAddress, Telephones
from accounts.identity.email import Email as Address
from accounts.identity.phone import Phone
from accounts.models import Account, AddressChange, Code, Email, Entry, Event
from accounts.throttling import TooManyAttempts
from tests.members import A_MOMENT, an_account

pytestmark = [pytest.mark.django_db]
NEW = Address("neuf@example.org")
NUMBERS = Telephones(mobile=Phone("+33639981077"))
STREET = PostalAddress("3 quai des Moulins", "67700", "Saverne")


def test_the_journal_says_which_fields_changed_and_no_number(account: Account) -> None:
    """R21."""
    contact.change_telephones(account, NUMBERS, now=A_MOMENT)
    assert Entry.objects.get().detail == {"fields": ["mobile"]}


def test_numbers_that_stay_are_no_news(account: Account) -> None:
    contact.change_telephones(account, Telephones(mobile=Phone("+33639981001")), now=A_MOMENT)
    assert not Entry.objects.exists()
    assert not Email.objects.exists()


def test_when_no_code_may_be_sent_nothing_is_kept(account: Account) -> None:
    account.email_proven_at = None
    for _ in range(5):
        contact.confirm(account, NEW, Telephones(), now=A_MOMENT)
    with pytest.raises(TooManyAttempts):
        contact.confirm(account, NEW, NUMBERS, now=A_MOMENT)
    assert Account.objects.get().mobile is None
    assert Email.objects.count() == 5


def test_the_address_being_proven_is_told_until_it_is(account: Account) -> None:
    assert contact.address_being_proven(account) == ""
    contact.confirm(account, NEW, NUMBERS, now=A_MOMENT)
    assert contact.address_being_proven(account) == "neuf@example.org"
    contact.confirm_without_email(account, now=A_MOMENT)
    assert contact.address_being_proven(account) == ""


def test_a_wrong_code_proves_nothing(account: Account) -> None:
    contact.confirm(account, NEW, NUMBERS, now=A_MOMENT)
    with pytest.raises(CodeRefused):
        contact.prove_email(account, "no dig", now=A_MOMENT)
    assert Account.objects.get().email == "fritz.lamy@example.org"


def test_an_undo_ends_every_session_and_every_code_that_waits(account: Account) -> None:
    contact.ask_email_change(account, NEW, now=A_MOMENT)
    before = Account.objects.get().get_session_auth_hash()
    life = timedelta(hours=72)
    undo = codes.issue_link(account, Code.Purpose.EMAIL_UNDO, life=life, subject="old@example.org", now=A_MOMENT)
    contact.undo_email_change(undo, now=A_MOMENT)
    held = Account.objects.get()
    assert held.email == "old@example.org"
    assert held.get_session_auth_hash() != before
    assert not Code.objects.filter(used_at=None).exists()


def test_an_account_without_department_still_asks(db: None) -> None:
    account = an_account()
    assert account.member is not None
    account.member.affiliations.all().delete()
    assert contact.ask_address_change(account, STREET, now=A_MOMENT)
    assert AddressChange.objects.get().department == ""


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_waits(account: Account) -> None:
    """G03."""

    def ask(_: int) -> bool:
        try:
            return contact.ask_address_change(Account.objects.get(pk=account.pk), STREET, now=A_MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as windows:
        assert sum(windows.map(ask, range(8))) == 1
    assert Entry.objects.filter(event=Event.ADDRESS_CHANGE_ASKED).count() == 1
    assert Email.objects.count() == 1
