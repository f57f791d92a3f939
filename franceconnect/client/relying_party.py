"""The round trip to FranceConnect: begin() sends a member there, finish() takes what comes back (FS 1 to FS 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from franceconnect.client.identity import FederationIdentity
from franceconnect.models import RoundTrip


class ReturnedWithProblem(Exception):
    """Nobody is signed in and nothing was made. `slug` names the page that says so (problems.of)."""

    def __init__(self, slug: str, code: str = "") -> None:
        super().__init__(slug)
        self.slug, self.code = slug, code


@dataclass(frozen=True)
class Arrival:
    """Who came back, on which round trip; `id_token` is for signing out (FS 17)."""

    round_trip: RoundTrip
    identity: FederationIdentity
    id_token: str


def begin(
    purpose: RoundTrip.Purpose,
    *,
    browser: bytes,
    network: str,
    account: Account | None = None,
    next_page: str = "",
    now: datetime,
) -> str:
    """The address at FranceConnect to lead this browser to. Raises ReturnedWithProblem, TooManyAttempts."""
    raise NotImplementedError


def finish(query: Mapping[str, str], *, browser: bytes, now: datetime) -> Arrival:
    """What the callback brought: state first, then iss, then error, then code (FS 6). Raises ReturnedWithProblem."""
    raise NotImplementedError


def begin_sign_out(id_token: str, *, browser: bytes, now: datetime) -> str:
    """The address at FranceConnect that ends its session, or nothing when it cannot be had (FS 17)."""
    raise NotImplementedError


def finish_sign_out(query: Mapping[str, str], *, browser: bytes, now: datetime) -> bool:
    """Whether this is the way back from a sign-out that this browser began, once."""
    raise NotImplementedError
