"""The round trip to FranceConnect: begin() sends a member there, finish() takes what comes back (FS 1 to FS 9)."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from accounts import journal, throttling
from accounts.circumstance import circumstance
from accounts.models import Account, Event
from franceconnect.client import availability, metadata, problems, round_trips, tokens, transport
from franceconnect.client.identity import FederationIdentity, IdentityIncomplete
from franceconnect.client.round_trips import NotOurs, Stranger
from franceconnect.client.tokens import Fault, NotTrusted
from franceconnect.client.transport import NotAsExpected, Unreachable, Why
from franceconnect.models import RoundTrip

logger = logging.getLogger(__name__)

ASKED_LEVEL = "eidas1"
# The only ones that FranceConnect takes besides none (B2). Its open session answers all the same: who has to say again
# who they are leaves that session first, and auth_time tells whether they did.
FRESH = "login consent"
# It goes into a header.
ACCESS_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
CODE = re.compile(r"[\x21-\x7e]{1,2048}")
STRANGERS = {
    Stranger.UNKNOWN: "demande-inconnue",
    Stranger.OTHER_BROWSER: "autre-navigateur",
    Stranger.USED: "demande-deja-utilisee",
    Stranger.EXPIRED: "demande-expiree",
}
FAULTS = {Fault.EXPIRED: "trop-tard", Fault.LEVEL: "niveau-insuffisant"}

Query = Mapping[str, str] | MultiValueDict[str, str]


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
    proven_at: datetime


def begin(
    purpose: RoundTrip.Purpose,
    *,
    browser: bytes,
    network: str,
    account: Account | None = None,
    next_page: str = "",
    fresh: bool = False,
    now: datetime,
) -> str:
    """The address at FranceConnect to lead this browser to. Raises ReturnedWithProblem, TooManyAttempts."""
    throttling.take((throttling.FRANCECONNECT_NETWORK, network), now=now)
    with _refusals(now=now):
        if not availability.is_configured():
            raise ReturnedWithProblem("pas-encore-ouvert")
        endpoint = metadata.endpoints(now=now).authorization
    left = round_trips.leave(purpose, browser=browser, account=account, next_page=next_page, now=now)
    # FS 2: FranceConnect refuses a parameter that it does not expect; PKCE is one.
    parameters = {"nonce": left.nonce, "acr_values": ASKED_LEVEL, **({"prompt": FRESH} if fresh else {})}
    address, _ = _client().create_authorization_url(endpoint, state=left.state, **parameters)
    where, mark, query = address.partition("?")
    return where + mark + query.replace("+", "%20")


def finish(query: Query, *, browser: bytes, now: datetime) -> Arrival:
    """What the callback brought: state first, then iss, then error, then code (FS 6). Raises ReturnedWithProblem.

    TooManyAttempts when one network brings back too much that nobody left with.
    """
    with _refusals(now=now):
        told = _each_once(query)
        if told is None:
            raise _not_ours("reponse-inattendue", now=now)
        round_trip = _round_trip(told.get("state", ""), browser=browser, now=now)
        if told.get("iss") != settings.FRANCECONNECT_ISSUER:
            raise ReturnedWithProblem("retour-non-authentique")
        if "error" in told:
            raise _as_told(told)
        if not CODE.fullmatch(told.get("code", "")):
            raise ReturnedWithProblem("reponse-inattendue")
        return _ask(told["code"], round_trip, now=now)


def begin_sign_out(id_token: str, *, browser: bytes, next_page: str = "", now: datetime) -> str:
    """The address at FranceConnect that ends its session, or nothing when it cannot be had (FS 17)."""
    # While it does not answer, nobody is led to a page that never comes: ours says what is left to do.
    if not id_token or not availability.is_configured() or availability.is_down():
        return ""
    try:
        endpoint = metadata.endpoints(now=now).end_session
    except metadata.NotKnown:
        endpoint = ""
    if not endpoint:
        return ""
    left = round_trips.leave(RoundTrip.Purpose.SIGN_OUT, browser=browser, next_page=next_page, now=now)
    parameters = {
        "id_token_hint": id_token,
        "state": left.state,
        "post_logout_redirect_uri": settings.BASE_URL + reverse("franceconnect:sign_out_callback"),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters, quote_via=quote)}"


def finish_sign_out(query: Query, *, browser: bytes, now: datetime) -> RoundTrip | None:
    """The round trip, if this is the way back from a sign-out that this browser began; once."""
    try:
        state = (_each_once(query) or {}).get("state", "")
        return round_trips.come_back(state, purposes=(RoundTrip.Purpose.SIGN_OUT,), browser=browser, now=now)
    except NotOurs:
        return None


def _each_once(query: Query) -> dict[str, str] | None:
    """RFC 6749, 3.1: no parameter is told twice; two values would be read one way here and another way there."""
    if isinstance(query, MultiValueDict) and any(len(values) != 1 for _, values in query.lists()):
        return None
    return {name: str(value) for name, value in query.items()}


def _round_trip(state: str, *, browser: bytes, now: datetime) -> RoundTrip:
    try:
        return round_trips.come_back(state, browser=browser, now=now)
    except NotOurs as refused:
        raise _not_ours(STRANGERS[refused.why], now=now) from None


def _not_ours(slug: str, *, now: datetime) -> ReturnedWithProblem:
    """Anybody may call this address: what is not ours fills neither the journal nor the table of sessions."""
    throttling.take((throttling.FRANCECONNECT_NETWORK, circumstance.get().network), now=now)
    return ReturnedWithProblem(slug)


def _as_told(told: Mapping[str, Any]) -> ReturnedWithProblem:
    """FranceConnect's error, in our words."""
    problem, code = problems.told_by(told)
    return ReturnedWithProblem(problem.slug, code)


def _ask(code: str, round_trip: RoundTrip, *, now: datetime) -> Arrival:
    """Who it is, for this code: it is exchanged once, and what it gives is used at once and dropped (FS 7, FS 9)."""
    where = metadata.endpoints(now=now)
    access_token, id_token = _redeem(code, where.token)
    proven = tokens.read_id_token(id_token, nonce=round_trip.luggage["nonce"], access_token=access_token, now=now)
    userinfo = _userinfo(access_token, where.userinfo)
    claims = tokens.read_userinfo(userinfo, subject=proven["sub"], now=now)
    availability.note_success()
    identity = FederationIdentity.from_claims(claims, issuer=settings.FRANCECONNECT_ISSUER)
    return Arrival(round_trip, identity, id_token, tokens.proven_at(proven, now=now))


def _redeem(code: str, endpoint: str) -> tuple[str, str]:
    """access_token and id_token. Never asked twice: what became of a first try cannot be known from here (FS 7)."""
    client = _client()
    client.register_compliance_hook("access_token_response", _refused)
    try:
        told = client.fetch_token(endpoint, grant_type="authorization_code", code=code)
    except (AuthlibBaseError, requests.RequestException, ValueError, TypeError, OverflowError):
        raise ReturnedWithProblem("reponse-inattendue") from None
    given, id_token = told.get("access_token"), told.get("id_token")
    is_bearer = str(told.get("token_type", "")).lower() == "bearer"
    if (
        not is_bearer
        or not isinstance(given, str)
        or not ACCESS_TOKEN.fullmatch(given)
        or not isinstance(id_token, str)
    ):
        raise ReturnedWithProblem("reponse-inattendue")
    return given, id_token


def _refused(response: requests.Response) -> requests.Response:
    """Lets a success pass; FranceConnect's own code is in error_uri, of which Authlib keeps nothing (B5)."""
    if response.status_code == 200:
        return response
    told = transport.as_json(response)
    raise _as_told(told) if told else ReturnedWithProblem("reponse-inattendue")


def _userinfo(access_token: str, endpoint: str) -> str:
    response = transport.get(endpoint, accept="application/jwt", token=access_token)
    if response.status_code != 200:
        _refused(response)
    if transport.content_type(response) != "application/jwt" or not response.content.isascii():
        raise NotAsExpected(Why.CONTENT_TYPE)
    return response.content.decode("ascii").strip()


def _client() -> OAuth2Session:
    client = OAuth2Session(
        settings.FRANCECONNECT_CLIENT_ID,
        settings.FRANCECONNECT_CLIENT_SECRET,
        token_endpoint_auth_method="client_secret_post",
        scope=settings.FRANCECONNECT_SCOPES,
        redirect_uri=settings.BASE_URL + reverse("franceconnect:callback"),
    )
    transport.open_line(client)
    return client


@contextmanager
def _refusals(*, now: datetime) -> Iterator[None]:
    """Whatever goes wrong on the way is one problem: a page, a line in the journal, a line in the log."""
    try:
        try:
            yield
        except Unreachable as failed:
            availability.note_failure()
            _tell("trop-lent" if failed.why is Why.TOO_SLOW else "injoignable", failed.why)
        except metadata.NotKnown as failed:
            _tell("reponse-inattendue" if failed.why.startswith("odd:") else "injoignable", failed.why)
        except NotAsExpected as odd:
            _tell("reponse-inattendue", odd.why)
        except NotTrusted as refused:
            _tell(FAULTS.get(refused.fault, "reponse-non-fiable"), refused.fault)
        except IdentityIncomplete as incomplete:
            _tell("identite-incomplete", str(incomplete))
    except ReturnedWithProblem as problem:
        detail = {"slug": problem.slug, "code": problem.code}
        journal.record(Event.FRANCECONNECT_RETURNED, detail=detail, now=now)
        raise


def _tell(slug: str, why: str) -> NoReturn:
    """`why` is a word of ours: a kind of failure, names of claims."""
    logger.warning("an answer of FranceConnect was refused", extra={"slug": slug, "why": str(why)})
    raise ReturnedWithProblem(slug) from None
