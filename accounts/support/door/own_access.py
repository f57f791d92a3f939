"""An agent's own way in, looked after by themselves: password, telephone, codes on paper (issue 5, no. 1; R9, R12).

Whoever sits at a desk that was left open knows neither the password nor the code: each act asks for what proves that
it is the agent, counted like at the door, told in their mailbox.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import codes, journal, notifications
from accounts.models import Account, Authenticator, Code, Event
from accounts.sign_in import SignInRefused, forget_browsers, remember_browser
from accounts.support.door import second_factor, setting_up
from accounts.support.door.second_factor import Factor, Seed
from accounts.support.door.setting_up import CodeDoesNotFit
from accounts.throttling import (
    AGENT_CODE,
    AGENT_CODE_DAY,
    AGENT_PASSWORD,
    AGENT_PASSWORD_DAY,
    Subject,
    TooManyAttempts,
    forgive,
    give_back,
    take,
    wait_of,
)

SAME = "Choisissez un autre mot de passe que l'actuel."


class At(StrEnum):
    """What did not fit. Codes: they stand in the journal."""

    PASSWORD = "password"
    CODE = "code"


class AccessRefused(SignInRefused):
    """This was not the password, or not a code that serves."""

    def __init__(self, at: At, tries_left: int, wait: int) -> None:
        super().__init__(tries_left, wait)
        self.at = at


class BeginAgain(Exception):
    """What was begun counts no more: too old, done elsewhere, or a new link was sent."""


@dataclass(frozen=True, repr=False)
class NewPhone:
    """A telephone that is being connected: it waits in the session, sealed, until it has shown a code.

    It replaces the one that was there when it was begun and no other: that makes it serve once.
    """

    replaces: str
    seed: Seed
    until: datetime

    @classmethod
    def of(cls, told: dict[str, str]) -> Self:
        return cls(told["replaces"], Seed(bytes.fromhex(told["seed"])), datetime.fromisoformat(told["until"]))

    @property
    def told(self) -> dict[str, str]:
        return {"replaces": self.replaces, "seed": self.seed.key.hex(), "until": self.until.isoformat()}

    def still_counts(self, account: Account, *, now: datetime) -> bool:
        return now < self.until and Authenticator.objects.filter(pk=self.replaces, user=account).exists()


def refusals(password: str, account: Account, *, old: str) -> list[ValidationError]:
    """The rule of the first sign-in, and another one than before.

    Compared with what was typed, not with what is kept: nobody tries out passwords in the field of the new one.
    """
    refused = setting_up.refusals(password, account)
    return refused or ([ValidationError(SAME, code="same")] if password == old else [])


def change_password(account: Account, password: str, *, old: str, code: str, browser: bytes, now: datetime) -> None:
    """The other sessions end, and no browser but this one is known. Raises as all of these, BeginAgain included."""
    _prove_password(account, old, now=now)
    _prove_code(account, code, now=now)
    with transaction.atomic():
        _lock(account)
        account.set_password(password)
        account.save(update_fields=["password"])
        forget_browsers(account)
        remember_browser(account, browser, now=now)
        # Who has typed the former password elsewhere has half of nothing.
        codes.cancel(account, Code.Purpose.AGENT_HALF_WAY, now=now)
        _told(account, Event.AGENT_PASSWORD_CHANGED, now=now)


def renew_codes(account: Account, *, code: str, now: datetime) -> list[str]:
    """Ten others, shown this once; none of before serves. Raises AccessRefused, TooManyAttempts, BeginAgain."""
    _prove_code(account, code, now=now)
    with transaction.atomic():
        _lock(account)
        issued = second_factor.new_recovery_codes(account, now=now)
        _told(account, Event.AGENT_CODES_RENEWED, now=now)
    return issued


def begin_phone(account: Account, *, code: str, now: datetime) -> NewPhone:
    """A code of the former telephone, or one on paper if it is lost. Raises as renew_codes does."""
    factor = _prove_code(account, code, on_paper=True, now=now)
    if factor is Factor.RECOVERY:
        second_factor.tell_recovered(account, at_door=False, now=now)
    former = Authenticator.objects.filter(user=account).first()
    if former is None:
        raise BeginAgain
    return NewPhone(str(former.pk), Seed.new(), now + settings.AGENT_HALF_WAY_LIFE)


def connect_phone(account: Account, begun: NewPhone, *, code: str, now: datetime) -> list[str]:
    """From now on this telephone and no other; returns ten new codes. Raises CodeDoesNotFit, BeginAgain.

    The other sessions end: the former telephone may be in somebody's hand.
    """
    at = second_factor.fits(begun.seed, code, now=now)
    if at is None:
        raise CodeDoesNotFit
    with transaction.atomic():
        _lock(account)
        if not begun.still_counts(account, now=now):
            raise BeginAgain
        issued = second_factor.install(account, begun.seed, at, now=now)
        account.session_generation += 1
        account.save(update_fields=["session_generation"])
        codes.cancel(account, Code.Purpose.AGENT_HALF_WAY, now=now)
        _told(account, Event.AGENT_PHONE_CHANGED, now=now)
    return issued


def _lock(account: Account) -> None:
    """Whoever closes this account does so before or after, not in between. Raises BeginAgain.

    What has ended this session meanwhile (a new link, another password, leaving) has ended what is asked in it.
    """
    asked_in = account.get_session_auth_hash()
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    if not account.is_active or account.get_session_auth_hash() != asked_in:
        raise BeginAgain


def _told(account: Account, event: Event, *, now: datetime) -> None:
    journal.record(event, account=account, now=now)
    notifications.agent_access_changed(account, what=event.partition(":")[2], now=now)


def _prove_password(account: Account, typed: str, *, now: datetime) -> None:
    """Counted beside the door: whoever found this desk open does not keep its agent out."""
    subject = f"own:{account.pk}"
    limits: list[Subject] = [(AGENT_PASSWORD, subject), (AGENT_PASSWORD_DAY, subject)]
    tries_left = _counted(account, limits, At.PASSWORD, now=now)
    if not check_password(typed[:200], account.password):
        raise _refused(account, At.PASSWORD, tries_left, limits, now=now)
    _right(limits)


def _prove_code(account: Account, typed: str, *, on_paper: bool = False, now: datetime) -> Factor:
    """Counted with the door's own: two places to guess at give no more guesses."""
    limits: list[Subject] = [(AGENT_CODE, str(account.pk)), (AGENT_CODE_DAY, str(account.pk))]
    tries_left = _counted(account, limits, At.CODE, now=now)
    factor = second_factor.use(account, typed, on_paper=on_paper, now=now)
    if factor is None:
        raise _refused(account, At.CODE, tries_left, limits, now=now)
    _right(limits)
    return factor


def _counted(account: Account, limits: list[Subject], at: At, *, now: datetime) -> int:
    try:
        return take(*limits, now=now)
    except TooManyAttempts as reached:
        detail = {"at": at, "limit": reached.limit.name}
        journal.record(Event.AGENT_ACCESS_REFUSED, account=account, detail=detail, now=now)
        raise


def _refused(account: Account, at: At, tries_left: int, limits: list[Subject], *, now: datetime) -> AccessRefused:
    journal.record(Event.AGENT_ACCESS_REFUSED, account=account, detail={"at": at}, now=now)
    return AccessRefused(at, tries_left, 0 if tries_left else wait_of(*limits, now=now))


def _right(limits: list[Subject]) -> None:
    forgive(limits[0])
    give_back(*limits[1:])
