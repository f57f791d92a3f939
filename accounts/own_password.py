"""The password a member chooses: at first sign-in, after forgetting it, or to have another (D01, D09, G01, R11)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from accounts import codes, journal, notifications, passwords
from accounts.models import Account, Code, Event
from accounts.sign_in import How, forget_browsers, remember_browser


class NothingToPersonalise(Exception):
    """What this session owed a password for was used up, or a first one chosen, elsewhere."""


def demand(account: Account, *, now: datetime) -> None:
    """R11: a department's code was typed; whatever opens a session from now on, a new password comes first.

    In the transaction that opens. Sessions elsewhere end: the page that chooses asks for no old password, so it is for
    whoever has just proven something, not for a screen that somebody left open.
    """
    owing = {
        "password_due_at": Coalesce("password_due_at", Value(now)),
        "session_generation": F("session_generation") + 1,
    }
    Account.objects.filter(pk=account.pk).update(**owing)
    account.refresh_from_db(fields=["password_due_at", "session_generation"])


@transaction.atomic
def personalise(account: Account, password: str, *, how: How | None, browser: bytes, now: datetime) -> None:
    """D01, H09: replaces what came by letter or e-mail, once. Raises ValidationError, NothingToPersonalise."""
    _check(account, password)
    spent = codes.spend_temporary_passwords(account, now=now)
    if how is How.TEMPORARY_PASSWORD and not spent:
        raise NothingToPersonalise
    paid = _pay(account)
    if _owes(account, how) and not paid:
        raise NothingToPersonalise
    if paid:
        # The password that stood before is replaced; whoever knew it is a stranger again.
        forget_browsers(account)
        notifications.password_changed(account, now=now)
    _set(account, password, Event.PASSWORD_PERSONALISED, now=now)
    remember_browser(account, browser, now=now)


def _owes(account: Account, how: How | None) -> bool:
    """As this request found it: by now somebody may have chosen elsewhere."""
    return how is How.DEPARTMENT_CODE or account.password_due_at is not None


def _pay(account: Account) -> bool:
    """Of two who choose at once, one has; the row stays locked until it is written."""
    return bool(Account.objects.filter(pk=account.pk, password_due_at__isnull=False).update(password_due_at=None))


@transaction.atomic
def choose_first(account: Account, password: str, *, browser: bytes, now: datetime) -> None:
    """I14: by a member whom FranceConnect brought, and who had none. Raises ValidationError, NothingToPersonalise."""
    _check(account, password)
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
    _check(account, password)
    codes.spend_temporary_passwords(account, now=now)
    _set(account, password, Event.PASSWORD_CHANGED, now=now)
    forget_browsers(account)
    remember_browser(account, browser, now=now)
    notifications.password_changed(account, now=now)


@transaction.atomic
def reset(secret: str, password: str, *, browser: bytes, now: datetime) -> Account:
    """D09: the link is used up and the password is the new one, or neither. Raises CodeRefused, ValidationError."""
    account = codes.find_link(Code.Purpose.PASSWORD_RESET, secret, now=now).account
    _check(account, password)
    codes.consume_link(Code.Purpose.PASSWORD_RESET, secret, now=now)
    codes.spend_temporary_passwords(account, now=now)
    _set(account, password, Event.PASSWORD_RESET, now=now)
    # Whoever tried to guess the old password must not keep the member out, whoever knew it is a stranger again (R12).
    forget_browsers(account)
    remember_browser(account, browser, now=now)
    notifications.password_changed(account, now=now)
    return account


def _check(account: Account, password: str) -> None:
    passwords.check(password, personal=passwords.personal_words(account))
    passwords.refuse_the_old_one(password, account)


def _set(account: Account, password: str, event: Event, *, proves_own_address: bool = False, now: datetime) -> None:
    account.set_password(password)
    account.password_due_at = None
    account.save(update_fields=["password", "password_due_at"])
    # What somebody asked for under the old password does not outlive it.
    codes.cancel(account, Code.Purpose.PASSWORD_RESET, now=now)
    # But whom FranceConnect has just registered, with this address, goes on proving it (R8, B29).
    kept = account.email if proves_own_address else None
    codes.cancel_if(account, Code.Purpose.EMAIL_LINK, lambda address: address != kept, now=now)
    codes.settle_posted(account, Code.Purpose.DEPARTMENT)
    journal.record(event, account=account, now=now)
