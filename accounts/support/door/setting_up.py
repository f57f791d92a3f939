"""The first sign-in of an agent: a password, a telephone and codes for the day it is lost, all of them or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import codes, journal, passwords, throttling
from accounts.models import Account, Code, Event
from accounts.support.door import second_factor
from accounts.support.door.second_factor import Seed
from accounts.throttling import AGENT_CODE, AGENT_CODE_DAY, AGENT_PASSWORD, AGENT_PASSWORD_DAY, Subject

SHORTEST = 12
LENGTH = f"Choisissez un mot de passe de {SHORTEST} à {passwords.LONGEST} caractères."


class CodeDoesNotFit(Exception):
    """The telephone shows something else."""


@dataclass(frozen=True, repr=False)
class Begun:
    """What was chosen and is not yet in force: it waits in the session, sealed."""

    secret: str
    password: str
    seed: Seed

    @classmethod
    def now(cls, secret: str, password: str) -> Self:
        """A seed of its own each time: who opened the link before has seen another."""
        return cls(secret, make_password(password), Seed.new())

    @classmethod
    def of(cls, told: dict[str, str]) -> Self:
        return cls(told["secret"], told["password"], Seed(bytes.fromhex(told["seed"])))

    @property
    def told(self) -> dict[str, str]:
        return {"secret": self.secret, "password": self.password, "seed": self.seed.key.hex()}


def account_of(secret: str, *, now: datetime) -> Account:
    """Whose link this is; reading it spends nothing, mail scanners follow links (R13). Raises CodeRefused."""
    return codes.find_link(Code.Purpose.AGENT_SETUP, secret, now=now).account


def refusals(password: str, account: Account) -> list[ValidationError]:
    """The members' rule, and longer (R9): whoever has this password may open many files."""
    personal = [*account.agent.name.split(), *(account.email or "").replace("@", ".").split(".")]
    judged = passwords.judge(password, personal=personal)
    refused = [each for each in judged.refusals if each.code != passwords.LENGTH]
    if not SHORTEST <= len(password) <= passwords.LONGEST:
        refused.insert(0, ValidationError(LENGTH, code=passwords.LENGTH))
    return refused


def complete(begun: Begun, typed: str, *, now: datetime) -> list[str]:
    """Uses the link; returns the recovery codes, seen this once. Raises CodeRefused, CodeDoesNotFit."""
    at = second_factor.fits(begun.seed, typed, now=now)
    if at is None:
        raise CodeDoesNotFit
    return _in_force(begun, at, now=now)


@transaction.atomic
def _in_force(begun: Begun, at: second_factor.TOTP, *, now: datetime) -> list[str]:
    pk = account_of(begun.secret, now=now).pk
    # The account's row first, as whoever closes it does: neither waits for the other.
    account = Account.objects.select_for_update().get(pk=pk)
    codes.consume_link(Code.Purpose.AGENT_SETUP, begun.secret, now=now)
    account.password = begun.password
    # R8: who followed the link has read the mailbox.
    account.email_proven_at = now
    account.save(update_fields=["password", "email_proven_at"])
    issued = second_factor.install(account, begun.seed, at, now=now)
    # What was guessed at is no more: who was kept out for the day, by a stranger or a clock that was wrong, comes in.
    throttling.forgive(*_guesses(account))
    journal.record(Event.AGENT_SET_UP, account=account, now=now)
    return issued


def _guesses(account: Account) -> list[Subject]:
    """Those that are counted for a day, wherever they came from (accounts.support.door.entering, own_access)."""
    own = f"own:{account.pk}"
    codes_typed: list[Subject] = [(AGENT_CODE, str(account.pk)), (AGENT_CODE_DAY, str(account.pk))]
    passwords_typed: list[Subject] = [(AGENT_PASSWORD_DAY, bytes(account.login_fingerprint).hex())]
    return [*codes_typed, *passwords_typed, (AGENT_PASSWORD, own), (AGENT_PASSWORD_DAY, own)]
