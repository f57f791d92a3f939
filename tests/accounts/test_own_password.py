"""A password is chosen whole or not at all, and what rested on the one before ends (D01, D09, G01)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import codes, own_password
from accounts.codes import CodeRefused
from accounts.models import Account, Channel, Code, Email, Entry, Event, KnownBrowser
from accounts.sign_in import How, remember_browser
from tests.members import A_MOMENT, NEXT_PASSWORD, OWN_PASSWORD, an_account

pytestmark = [pytest.mark.django_db]
HERE, HOUR = b"h" * 32, timedelta(hours=1)


def a_link(account: Account, purpose: Code.Purpose = Code.Purpose.PASSWORD_RESET) -> str:
    return codes.issue_link(account, purpose, life=HOUR, subject="x@example.org", now=A_MOMENT)


def a_temporary_password(account: Account) -> None:
    codes.issue_temporary_password(account, "ACDEFGHJKLMN", channel=Channel.POST, life=HOUR, now=A_MOMENT)


def test_a_reset_uses_the_link_and_everything_else_that_waits(account: Account) -> None:
    secret, change = a_link(account), a_link(account, Code.Purpose.EMAIL_LINK)
    a_temporary_password(account)
    remember_browser(account, b"thief" + HERE, now=A_MOMENT)
    before = account.get_session_auth_hash()
    own_password.reset(secret, NEXT_PASSWORD, browser=HERE, now=A_MOMENT)
    account.refresh_from_db()
    assert account.check_password(NEXT_PASSWORD)
    assert account.get_session_auth_hash() != before
    assert not Code.objects.filter(used_at=None).exists()
    with pytest.raises(CodeRefused):
        codes.consume_link(Code.Purpose.EMAIL_LINK, change, now=A_MOMENT)
    assert bytes(KnownBrowser.objects.get().token_fingerprint) == HERE
    assert Entry.objects.get().event == Event.PASSWORD_RESET
    assert Email.objects.get().kind == "password_changed"


def test_a_refused_password_leaves_the_link_alive(account: Account) -> None:
    secret = a_link(account)
    with pytest.raises(ValidationError):
        own_password.reset(secret, "azerty", browser=HERE, now=A_MOMENT)
    assert own_password.reset(secret, NEXT_PASSWORD, browser=HERE, now=A_MOMENT) == account


def test_the_undo_of_an_address_outlives_the_password(account: Account) -> None:
    """R13: the old address keeps its 72 hours."""
    undo = a_link(account, Code.Purpose.EMAIL_UNDO)
    own_password.change(account, NEXT_PASSWORD, browser=HERE, now=A_MOMENT)
    assert codes.consume_link(Code.Purpose.EMAIL_UNDO, undo, now=A_MOMENT)


def test_a_member_with_a_session_of_their_own_may_personalise_without_a_temporary_one(account: Account) -> None:
    own_password.personalise(account, NEXT_PASSWORD, how=None, browser=HERE, now=A_MOMENT)
    assert Account.objects.get().check_password(NEXT_PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_personalise_at_once_one_wins(account: Account) -> None:
    """R13: one use."""
    a_temporary_password(account)

    def choose(number: int) -> str:
        mine = Account.objects.get(pk=account.pk)
        chosen = f"Verger+Tranquille{number}"
        try:
            own_password.personalise(mine, chosen, how=How.TEMPORARY_PASSWORD, browser=HERE, now=A_MOMENT)
        except own_password.NothingToPersonalise:
            return ""
        else:
            return chosen
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as places:
        winners = list(filter(None, places.map(choose, range(8))))
    assert len(winners) == 1
    assert Account.objects.get().check_password(winners[0])
    assert not Account.objects.get().check_password(OWN_PASSWORD)


def test_a_first_password_is_chosen_once_and_only_by_who_has_none() -> None:
    """I14, I12: in two tabs the second one changes nothing; a mail says so; the temporary ones are spent."""
    account = an_account(password=None, email_proven_at=A_MOMENT)
    a_temporary_password(account)
    own_password.choose_first(account, NEXT_PASSWORD, browser=b"b" * 32, now=A_MOMENT)
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    assert not Code.objects.filter(purpose=Code.Purpose.TEMPORARY_PASSWORD, used_at=None).exists()
    assert Email.objects.filter(kind="password_changed").exists()
    other_tab = Account.objects.get()
    other_tab.set_unusable_password()
    with pytest.raises(own_password.NothingToPersonalise):
        own_password.choose_first(other_tab, OWN_PASSWORD, browser=b"c" * 32, now=A_MOMENT)
    assert Account.objects.get().check_password(NEXT_PASSWORD)
