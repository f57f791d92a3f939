"""The password a member chooses: at first sign-in, after forgetting it, or to have another (D01, D09, G01)."""

from datetime import datetime

from django.db import transaction

from accounts import codes, journal, notifications, passwords
from accounts.models import Account, Code, Event
from accounts.sign_in import How, forget_browsers, remember_browser


class NothingToPersonalise(Exception):
    """The temporary password of this session was used up, or a first one chosen, elsewhere."""


@transaction.atomic
def personalise(account: Account, password: str, *, how: How | None, browser: bytes, now: datetime) -> None:
    """D01, H09: replaces what came by letter or e-mail, once. Raises ValidationError, NothingToPersonalise."""
    passwords.check(password, personal=passwords.personal_words(account))
    spent = codes.spend_temporary_passwords(account, now=now)
    if how is How.TEMPORARY_PASSWORD and not spent:
        raise NothingToPersonalise
    if how is How.DEPARTMENT_CODE:
        _after_a_code(account, browser=browser, now=now)
    _set(account, password, Event.PASSWORD_PERSONALISED, now=now)
    remember_browser(account, browser, now=now)


def _after_a_code(account: Account, *, browser: bytes, now: datetime) -> None:
    """R11: the password that stood before is replaced; whoever knew it is a stranger again."""
    if not codes.settle_posted(account, Code.Purpose.DEPARTMENT, browser=browser):
        raise NothingToPersonalise
    forget_browsers(account)
    notifications.password_changed(account, now=now)


@transaction.atomic
def choose_first(account: Account, password: str, *, browser: bytes, now: datetime) -> None:
    """I14: by a member whom FranceConnect brought, and who had none. Raises ValidationError, NothingToPersonalise."""
    passwords.check(password, personal=passwords.personal_words(account))
    # Read again under a lock: what another page has chosen meanwhile is not replaced unasked.
    account.password = Account.objects.select_for_update().values_list("password", flat=True).get(pk=account.pk)
    if account.has_usable_password():
        raise NothingToPersonalise
    codes.spend_temporary_passwords(account, now=now)
    _set(account, password, Event.PASSWORD_PERSONALISED, proves_own_address=True, now=now)
    remember_browser(account, browser, now=now)
    notifications.password_changed(account, now=now)


@transaction.atomic
def change(account: Account, password: str, *, browser: bytes, now: datetime) -> None:
    """G01: another password; the sessions in other places end."""
    passwords.check(password, personal=passwords.personal_words(account))
    codes.spend_temporary_passwords(account, now=now)
    _set(account, password, Event.PASSWORD_CHANGED, now=now)
    forget_browsers(account)
    remember_browser(account, browser, now=now)
    notifications.password_changed(account, now=now)


@transaction.atomic
def reset(secret: str, password: str, *, browser: bytes, now: datetime) -> Account:
    """D09: the link is used up and the password is the new one, or neither. Raises CodeRefused, ValidationError."""
    account = codes.find_link(Code.Purpose.PASSWORD_RESET, secret, now=now).account
    passwords.check(password, personal=passwords.personal_words(account))
    codes.consume_link(Code.Purpose.PASSWORD_RESET, secret, now=now)
    codes.spend_temporary_passwords(account, now=now)
    _set(account, password, Event.PASSWORD_RESET, now=now)
    # Whoever tried to guess the old password must not keep the member out, whoever knew it is a stranger again (R12).
    forget_browsers(account)
    remember_browser(account, browser, now=now)
    notifications.password_changed(account, now=now)
    return account


def _set(account: Account, password: str, event: Event, *, proves_own_address: bool = False, now: datetime) -> None:
    account.set_password(password)
    account.save(update_fields=["password"])
    # What somebody asked for under the old password does not outlive it.
    codes.cancel(account, Code.Purpose.PASSWORD_RESET, now=now)
    # But whom FranceConnect has just registered, with this address, goes on proving it (R8, B29).
    kept = account.email if proves_own_address else None
    codes.cancel_if(account, Code.Purpose.EMAIL_LINK, lambda address: address != kept, now=now)
    codes.settle_posted(account, Code.Purpose.DEPARTMENT)
    journal.record(event, account=account, now=now)
