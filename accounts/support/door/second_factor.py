"""What an agent holds beside the password: a telephone that shows codes (RFC 6238), and codes if it is lost."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlencode

import django_otp
import segno
from django.conf import settings
from django_otp.oath import TOTP

from accounts import codes, journal, notifications, passwords
from accounts.models import Account, Authenticator, Code, Event

SEED_BYTES = 20  # RFC 4226, 4, R6
ISSUER = "MSA assistance"
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
TOLERANCE = 1


class Factor(StrEnum):
    """With what the second half was done. Codes: they stand in the journal."""

    CODE = "code"
    RECOVERY = "recovery"


@dataclass(frozen=True, repr=False)
class Seed:
    """What the telephone and we both know."""

    key: bytes

    @classmethod
    def new(cls) -> "Seed":
        return cls(secrets.token_bytes(SEED_BYTES))

    @property
    def text(self) -> str:
        return base64.b32encode(self.key).decode().rstrip("=")

    @property
    def grouped(self) -> str:
        """In groups of four, for whoever types it."""
        return " ".join(self.text[start : start + 4] for start in range(0, len(self.text), 4))

    def address(self, email: str) -> str:
        """What applications read: no standard, but all of them agree."""
        told = urlencode({"secret": self.text, "issuer": ISSUER}, quote_via=quote)
        return f"otpauth://totp/{quote(ISSUER)}:{quote(email)}?{told}"

    def picture(self, email: str) -> str:
        """An <svg> element with neither style nor script: our policy lets no other in."""
        code = segno.make(self.address(email), error="m", micro=False)
        return code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)


def fits(seed: Seed, typed: str, *, now: datetime) -> TOTP | None:
    """Where in time the telephone stands, if this is its code."""
    plain, totp = passwords.as_typed(typed), TOTP(seed.key)
    totp.time = now.timestamp()
    is_a_code = len(plain) == totp.digits and plain.isascii() and plain.isdigit()
    return totp if is_a_code and totp.verify(int(plain), TOLERANCE) else None


def install(account: Account, seed: Seed, at: TOTP, *, now: datetime) -> list[str]:
    """This telephone and no other from now on; returns the recovery codes, shown this once."""
    remove(account, now=now)
    device = Authenticator(user=account, name="", drift=at.drift, last_t=at.t())
    device.seed = seed.key.hex()
    device.save(force_insert=True)
    return new_recovery_codes(account, now=now)


def new_recovery_codes(account: Account, *, now: datetime) -> list[str]:
    """Ten of them, shown this once; those of before stop working."""
    issued = codes.issue_one_time(
        account,
        Code.Purpose.AGENT_RECOVERY,
        RECOVERY_CODES,
        secret=lambda: passwords.readable(RECOVERY_LENGTH),
        life=settings.AGENT_RECOVERY_LIFE,
        now=now,
    )
    return [f"{each[:5]}-{each[5:]}" for each in issued]


def remove(account: Account, *, now: datetime) -> None:
    """Neither the telephone nor a code on paper opens anything any more."""
    Authenticator.objects.filter(user=account).delete()
    codes.cancel(account, Code.Purpose.AGENT_RECOVERY, now=now)


def use(account: Account, typed: str, *, on_paper: bool = True, now: datetime) -> Factor | None:
    """Whether this is a code of theirs; it serves no second time (django_otp locks the row meanwhile)."""
    plain = passwords.as_typed(typed)
    if not on_paper or len(plain) != RECOVERY_LENGTH:
        return Factor.CODE if django_otp.match_token(account, plain) else None
    spent = codes.spend_one_time(account, Code.Purpose.AGENT_RECOVERY, plain, now=now)
    return Factor.RECOVERY if spent else None


def tell_recovered(account: Account, *, at_door: bool, now: datetime) -> None:
    """A code on paper has served: its agent hears of it, for somebody may have found the paper."""
    left = recovery_codes_left(account, now=now)
    journal.record(Event.AGENT_RECOVERED, account=account, detail={"left": left}, now=now)
    notifications.agent_recovered(account, left=left, at_door=at_door, now=now)


def recovery_codes_left(account: Account, *, now: datetime) -> int:
    live = Code.objects.filter(account=account, purpose=Code.Purpose.AGENT_RECOVERY, used_at=None)
    return live.filter(expires_at__gt=now).count()
