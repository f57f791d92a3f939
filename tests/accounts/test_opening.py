"""An account is opened once, and a stranger's words never stand in it (B27, B29, R5)."""

import pytest
from django.utils import timezone

from accounts import opening
from accounts.models import Account, Channel
from tests.members import A_MOMENT, a_member, an_account

pytestmark = pytest.mark.django_db
TYPED = opening.Given("typed@example.org", "+33639981001")


def open_account(member, given=TYPED, channel=Channel.EMAIL) -> Account | None:
    return opening.open_account(member, channel=channel, given=given, now=timezone.now())


def test_an_account_begins_with_what_its_owner_typed():
    """B27, B29: and with the terms they accepted; without a password."""
    account = open_account(a_member())
    assert account is not None
    account.refresh_from_db()
    assert (account.email, account.mobile, account.opened_by) == ("typed@example.org", "+33639981001", "email")
    assert account.terms_version
    assert not account.has_usable_password()


def test_who_proved_nothing_leaves_nothing():
    """R5: the letter goes to the member, whatever a stranger typed."""
    account = open_account(a_member(), given=None, channel=Channel.POST)
    assert account is not None
    assert (account.email, account.mobile, account.terms_version) == (None, None, "")
    assert account.waits_for_its_letter


def test_an_account_that_somebody_uses_is_not_opened_again():
    """B09."""
    account = an_account()
    assert open_account(account.member) is None
    account.refresh_from_db()
    assert account.email == "fritz.lamy@example.org"


@pytest.mark.parametrize("given", [TYPED, None])
def test_an_account_that_waits_for_its_letter_is_taken_up_by_whoever_proves_to_be_the_member(given):
    """R5: and only by them."""
    waiting = an_account(password=None, opened_by=Channel.POST, email=None, terms_version="")
    taken_up = open_account(waiting.member, given=given, channel=Channel.EMAIL if given else Channel.POST)
    assert taken_up == waiting
    waiting.refresh_from_db()
    assert waiting.email == (given.email if given else None)
    assert waiting.waits_for_its_letter == (given is None)


def test_who_has_signed_in_waits_for_nothing():
    """R5."""
    used = an_account(opened_by=Channel.POST, last_login=A_MOMENT)
    assert open_account(used.member) is None


@pytest.mark.parametrize("given", [TYPED, None])
def test_a_suspended_account_is_not_taken_up(given):
    """R8: whoever has the card while an agent keeps everybody out would wait inside, under an address of their own."""
    closed = an_account(password=None, opened_by=Channel.POST, email=None, is_active=False)
    assert open_account(closed.member, given=given, channel=Channel.EMAIL if given else Channel.POST) is None
    closed.refresh_from_db()
    assert closed.email is None
