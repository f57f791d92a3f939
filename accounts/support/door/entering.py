"""How an agent comes in: e-mail and password, then a code; neither alone opens anything (issue 5, R12, R20)."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import make_password, verify_password
from django.db import transaction

from accounts import codes, journal, passwords
from accounts.models import Account, Code, Event, KnownBrowser, login_of_agent
from accounts.sealed import same
from accounts.sign_in import AccountClosed, How, SignIn, SignInRefused, come_in, remember_browser
from accounts.support.door import second_factor
from accounts.support.door.second_factor import Factor
from accounts.support.roles import works_here
from accounts.throttling import (
    AGENT_CODE,
    AGENT_CODE_DAY,
    AGENT_NETWORK,
    AGENT_PASSWORD,
    AGENT_PASSWORD_DAY,
    Subject,
    TooManyAttempts,
    forgive,
    give_back,
    take,
    wait_of,
)

HALF_WAY = Code.Purpose.AGENT_HALF_WAY


class DoorClosed(Exception):
    """The first half counts no more: too old, used, another browser's, or the agent has left. Begin again."""


def check_password(email: str, password: str, *, browser: bytes, network: str, now: datetime) -> str:
    """The first half; returns what the second one begins with. Raises SignInRefused, TooManyAttempts.

    Unknown, wrong, not set up yet and left are one answer in one time: one hash each.
    """
    login = login_of_agent(email)
    account = Account.objects.filter(login_fingerprint=login).select_related("agent").first()
    limits = _limits(account or Account(), login, browser, network, now=now)
    tries_left = _counted(limits, account, now=now)
    fits = _fits(account, password)
    if account is None or not fits:
        journal.record(Event.SIGN_IN_REFUSED, account=account, detail={"how": How.AGENT, "at": "password"}, now=now)
        raise SignInRefused(tries_left, 0 if tries_left else wait_of(*limits, now=now))
    with transaction.atomic():
        secret = codes.issue_link(
            account, HALF_WAY, life=settings.AGENT_HALF_WAY_LIFE, subject=browser.hex(), now=now, replaces=False
        )
        forgive(*limits[:1])
        # Last, as everybody waits for these rows.
        give_back(*limits[1:])
    return secret


def _limits(account: Account, login: bytes, browser: bytes, network: str, *, now: datetime) -> list[Subject]:
    """A stranger's failures count elsewhere than those of a browser that has come in before, as for members (R12)."""
    since = now - settings.KNOWN_BROWSER_LIFE
    known = KnownBrowser.objects.filter(account=account.pk, token_fingerprint=browser, last_used_at__gt=since)
    if known.exists():
        here = f"{login.hex()}:{browser.hex()}"
        return [(AGENT_PASSWORD, here), (AGENT_PASSWORD_DAY, here)]
    return [
        (AGENT_PASSWORD, f"{login.hex()}:{network}"),
        (AGENT_PASSWORD_DAY, login.hex()),
        (AGENT_NETWORK, network),
    ]


def _counted(limits: list[Subject], account: Account | None, *, now: datetime) -> int:
    try:
        return take(*limits, now=now)
    except TooManyAttempts as reached:
        detail = {"how": How.AGENT, "limit": reached.limit.name}
        journal.record(Event.SIGN_IN_DELAYED, account=account, detail=detail, now=now)
        raise


def _fits(account: Account | None, password: str) -> bool:
    opens = account is not None and works_here(account) and account.has_usable_password()
    kept = account.password if account and opens else _nobodys_password()
    fits, must_update = verify_password(password[:200], kept)
    if account and opens and fits and must_update:
        old, account.password = account.password, make_password(password)
        Account.objects.filter(pk=account.pk, password=old).update(password=account.password)
    return opens and fits


def check_code(half_way: str, typed: str, *, browser: bytes, now: datetime) -> SignIn:
    """The second half. Raises DoorClosed, SignInRefused, TooManyAttempts."""
    begun = first_half(half_way, browser=browser, now=now)
    account = begun.account
    limits: list[Subject] = [(AGENT_CODE, str(account.pk)), (AGENT_CODE_DAY, str(account.pk))]
    tries_left = _counted(limits, account, now=now)
    factor = second_factor.use(account, typed, now=now)
    if factor is None:
        journal.record(Event.SIGN_IN_REFUSED, account=account, detail={"how": How.AGENT, "at": "code"}, now=now)
        raise SignInRefused(tries_left, 0 if tries_left else wait_of(*limits, now=now))
    # The code is spent already, whatever follows: it was right and serves no second time.
    return _let_in(begun, factor, limits, browser=browser, now=now)


@transaction.atomic
def _let_in(begun: Code, factor: Factor, limits: list[Subject], *, browser: bytes, now: datetime) -> SignIn:
    account = begun.account
    try:
        # The account's row first, as whoever closes it does: neither waits for the other.
        done = come_in(account, how=How.AGENT, now=now)
        codes.spend(begun, now=now)
    except (codes.CodeRefused, AccountClosed):
        raise DoorClosed from None
    remember_browser(account, browser, now=now)
    if factor is Factor.RECOVERY:
        second_factor.tell_recovered(account, at_door=True, now=now)
    forgive(limits[0])
    give_back(*limits[1:])
    return done


def first_half(half_way: str, *, browser: bytes, now: datetime) -> Code:
    """The password that was right here, less than five minutes ago, by an agent who is still one. Raises DoorClosed."""
    try:
        begun = codes.find_link(HALF_WAY, half_way, now=now)
    except codes.CodeRefused:
        raise DoorClosed from None
    if not (same(bytes.fromhex(str(begun.subject)), browser) and works_here(begun.account)):
        raise DoorClosed
    return begun


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return make_password(passwords.temporary_password())
