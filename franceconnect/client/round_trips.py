"""Owns the rows of round trips: who left, and the state that comes back once, to the browser that left (FS 3)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.conf import settings

from accounts.models import Account
from accounts.sealed import fingerprint
from franceconnect.models import RoundTrip

STATE_LENGTH = 64
# Both ways of signing in; a sign-out has a way back of its own.
ARRIVALS = (RoundTrip.Purpose.SIGN_IN, RoundTrip.Purpose.ASSOCIATE)


class Stranger(Enum):
    """Why a state opens nothing."""

    UNKNOWN = "unknown"
    OTHER_BROWSER = "other_browser"
    USED = "used"
    EXPIRED = "expired"


class NotOurs(Exception):
    """Nobody left with this state, or not here, not now, not any more. Nothing was touched."""

    def __init__(self, why: Stranger) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Left:
    """What the browser takes along; the row knows the state by its mark only."""

    state: str
    nonce: str


def leave(
    purpose: RoundTrip.Purpose,
    *,
    browser: bytes,
    account: Account | None = None,
    next_page: str = "",
    now: datetime,
) -> Left:
    """Write down that this browser goes."""
    left = Left(secrets.token_hex(STATE_LENGTH // 2), secrets.token_hex(STATE_LENGTH // 2))
    RoundTrip.objects.create(
        purpose=purpose,
        browser=browser,
        state_fingerprint=mark(left.state),
        luggage={"nonce": left.nonce, "next_page": next_page},
        account=account,
        created_at=now,
        expires_at=now + settings.FRANCECONNECT_ROUND_TRIP_LIFE,
    )
    return left


def come_back(
    state: str, *, purposes: Collection[RoundTrip.Purpose] = ARRIVALS, browser: bytes, now: datetime
) -> RoundTrip:
    """The round trip of this state, whose return is now spent. Raises NotOurs."""
    if len(state) != STATE_LENGTH:
        raise NotOurs(Stranger.UNKNOWN)
    left = RoundTrip.objects.filter(state_fingerprint=mark(state), purpose__in=purposes)
    came = left.filter(browser=browser, returned_at=None, expires_at__gt=now).update(returned_at=now)
    row = left.first()
    if came and row:
        return row
    raise NotOurs(_why(row, browser))


def _why(row: RoundTrip | None, browser: bytes) -> Stranger:
    if row is None:
        return Stranger.UNKNOWN
    if bytes(row.browser) != browser:
        return Stranger.OTHER_BROWSER
    return Stranger.USED if row.returned_at else Stranger.EXPIRED


def mark(state: str) -> bytes:
    return fingerprint("franceconnect_state", state)
