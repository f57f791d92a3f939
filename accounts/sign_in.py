"""Whether this identifier and this password open a session, and how strongly (C01 to C07, R12)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import make_password, verify_password
from django.db import models, transaction

from accounts import codes, journal, passwords
from accounts.compiled import Compiled, Given
from accounts.models import Account, Channel, Code, Event, KnownBrowser
from accounts.throttling import (
    SIGN_IN,
    SIGN_IN_DAY,
    SIGN_IN_EVERYWHERE,
    SIGN_IN_NETWORK,
    Subject,
    TooManyAttempts,
    forgive,
    give_back,
    take,
    wait_of,
    whose,
)

_KNOWN: Compiled[KnownBrowser] = Compiled(
    lambda: KnownBrowser.objects.filter(
        account=Given("account", models.UUIDField()), token_fingerprint=Given("browser", models.BinaryField())
    )
)


class How(StrEnum):
    """With what the member signed in."""

    PASSWORD = "pwd"
    TEMPORARY_PASSWORD = "temporary"
    FRANCECONNECT = "franceconnect"
    # The code of a letter, which opens a department (R11).
    DEPARTMENT_CODE = "department_code"
    # An agent, with a password and a code of their telephone.
    AGENT = "agent"


@dataclass(frozen=True)
class SignIn:
    """A sign-in that succeeded."""

    account: Account
    how: How
    at: datetime
    # When somebody else asked them who they are, if that was before (FS 20).
    proven_at: datetime | None = None


# Another room opens what the code of a letter is for: it says whether it did (R11).
Opener = Callable[..., bool]
OPENERS: dict[Code.Purpose, Opener] = {}


def opens_with(purpose: Code.Purpose) -> Callable[[Opener], Opener]:
    """A code of this purpose, typed as a password, is given to this function, with the browser and the moment."""

    def register(opener: Opener) -> Opener:
        OPENERS[purpose] = opener
        return opener

    return register


class AccountClosed(Exception):
    """Nobody signs in to this account any more."""


class SignInRefused(Exception):
    """The pair does not fit; it is not said which half. So many tries are left, or else so many seconds to wait."""

    def __init__(self, tries_left: int, wait: int) -> None:
        super().__init__("refused")
        self.tries_left, self.wait = tries_left, wait


def sign_in(login: bytes, password: str, *, browser: bytes, network: str, now: datetime) -> SignIn:
    """Check the pair. Raises SignInRefused, or TooManyAttempts before anything is looked at."""
    account = Account.objects.with_login(login)
    remembered = _is_remembered(account or Account(), browser, now=now)
    counted = whose(login, account.limits_generation if account else 0)
    account_limits, shared_limits = _limits(counted, browser, network, remembered=remembered)
    try:
        tries_left = take(*account_limits, *shared_limits, now=now)
    except TooManyAttempts as reached:
        journal.record(Event.SIGN_IN_DELAYED, account=account, detail={"limit": reached.limit.name}, now=now)
        raise
    how, code = _verify(account, password, browser=browser, now=now)
    if how is None or account is None:
        journal.record(Event.SIGN_IN_REFUSED, account=account, now=now)
        wait = 0 if tries_left else wait_of(*account_limits, *shared_limits, now=now)
        raise SignInRefused(tries_left, wait)
    with transaction.atomic():
        _note_success(account, how, code, browser=browser, now=now)
        forgive(*account_limits[:1])
        # Last, as everybody waits for these rows.
        give_back(*account_limits[1:], *shared_limits)
    return SignIn(account, how, now)


def _is_remembered(account: Account, browser: bytes, *, now: datetime) -> bool:
    known = _KNOWN.first(account=account.pk, browser=browser)
    return known is not None and known.last_used_at > now - settings.KNOWN_BROWSER_LIFE


def _limits(whose: str, browser: bytes, network: str, *, remembered: bool) -> tuple[list[Subject], list[Subject]]:
    """A stranger's failures count elsewhere than those of a browser that has signed in before."""
    if remembered:
        here = f"{whose}:{browser.hex()}"
        return [(SIGN_IN, here), (SIGN_IN_DAY, here)], []
    return (
        [(SIGN_IN, f"{whose}:{network}"), (SIGN_IN_DAY, whose)],
        [(SIGN_IN_NETWORK, network), (SIGN_IN_EVERYWHERE, "")],
    )


def _verify(account: Account | None, password: str, *, browser: bytes, now: datetime) -> tuple[How | None, Code | None]:
    """One hash whoever asks, and two look-ups when it does not fit: an unknown identifier takes the same time."""
    usable = account is not None and account.has_usable_password()
    fits, must_update = verify_password(password[:200], account.password if account and usable else _nobodys_password())
    someone = account or Account()
    if account and account.is_active and usable and fits:
        if must_update:
            _hash_again(account, password)
        return How.PASSWORD, None
    typed = passwords.as_typed(password)
    code = codes.open_with_temporary_password(someone, typed, browser=browser, now=now)
    posted = codes.find_posted(someone, Code.Purpose.DEPARTMENT, typed)
    if account is None or not account.is_active:
        return None, None
    if code:
        return How.TEMPORARY_PASSWORD, code
    opened = posted and OPENERS[Code.Purpose.DEPARTMENT](posted, browser=browser, now=now)
    return (How.DEPARTMENT_CODE, posted) if opened else (None, None)


def _hash_again(account: Account, password: str) -> None:
    """The costs have changed; a password that was reset meanwhile stays the new one."""
    old, account.password = account.password, make_password(password)
    Account.objects.filter(pk=account.pk, password=old).update(password=account.password)


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return make_password(passwords.temporary_password())


def _note_success(account: Account, how: How, code: Code | None, *, browser: bytes, now: datetime) -> None:
    changed = {"last_login": now}
    account.last_login = now
    # R8: who could read the mailbox has proven the address.
    if account.email_proven_at is None and code and _was_mailed_to(account, code):
        account.email_proven_at = changed["email_proven_at"] = now
        journal.record(Event.EMAIL_PROVEN, account=account, detail={"by": "temporary_password"}, now=now)
    Account.objects.filter(pk=account.pk).update(**changed)
    if how is How.PASSWORD:
        remember_browser(account, browser, now=now)
    journal.record(Event.SIGN_IN_SUCCEEDED, account=account, detail={"how": how}, now=now)


def come_in(account: Account, *, how: How, proven_at: datetime | None = None, now: datetime) -> SignIn:
    """Somebody whom we trust has said who this is (I12): nothing is asked. In a transaction. Raises AccountClosed."""
    is_dead = account.member is not None and account.member.deceased
    if is_dead or not Account.objects.filter(pk=account.pk, is_active=True).update(last_login=now):
        raise AccountClosed
    account.last_login = now
    journal.record(Event.SIGN_IN_SUCCEEDED, account=account, detail={"how": how}, now=now)
    return SignIn(account, how, now, proven_at)


def _was_mailed_to(account: Account, code: Code) -> bool:
    return bool(account.email) and code.subject == {"channel": Channel.EMAIL, "sent_to": account.email}


def remember_browser(account: Account, browser: bytes, *, now: datetime) -> None:
    """R14: this browser is known to this member for 90 days from now."""
    known = KnownBrowser(account=account, token_fingerprint=browser, last_used_at=now)
    unique, changed = ["account", "token_fingerprint"], ["last_used_at"]
    KnownBrowser.objects.bulk_create([known], update_conflicts=True, unique_fields=unique, update_fields=changed)


def forget_browsers(account: Account) -> None:
    """None is known to this member any more."""
    KnownBrowser.objects.filter(account=account).delete()


# Other rooms' ways into an account, taken away with the password.
OTHER_WAYS: list[Callable[..., None]] = []


def closed_by_shut_out(way: Callable[..., None]) -> Callable[..., None]:
    """This takes another way into an account away."""
    OTHER_WAYS.append(way)
    return way


# What other rooms have put into the post; the password and FranceConnect wait for the reinstatement.
TAKEN_BACK: list[Callable[..., None]] = []


def closed_by_suspension(way: Callable[..., None]) -> Callable[..., None]:
    """This takes back what was on its way to an account that an agent closes for a while."""
    TAKEN_BACK.append(way)
    return way


def take_back(account: Account, *, now: datetime) -> None:
    """In the transaction of the suspension, after the account itself."""
    for close in TAKEN_BACK:
        close(account, now=now)


@transaction.atomic(savepoint=False)
def shut_out(account: Account, *, now: datetime) -> None:
    """Whoever knew the password is a stranger again: it opens nothing, every session ends, no browser is known."""
    account.set_unusable_password()
    account.session_generation += 1
    account.save(update_fields=["password", "session_generation"])
    forget_browsers(account)
    for close in OTHER_WAYS:
        close(account, now=now)
