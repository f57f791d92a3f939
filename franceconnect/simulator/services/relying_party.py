"""How a service signs somebody in by FranceConnect: discovery, code, id_token, userinfo, and the end (B1 to B5)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from franceconnect.simulator import clock, remote, settings, state, verification
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.remote import Unreachable
from franceconnect.simulator.services import visits
from franceconnect.simulator.services.service import DemoService
from franceconnect.simulator.services.visits import Received, Visit
from franceconnect.simulator.verification import Expected, Unverified

# A clock may be a little late; FranceConnect's own grants nothing.
LEEWAY = 30


class What(StrEnum):
    """Where a sign-in ended."""

    DOWN = "down"
    STATE = "state"
    ISSUER = "issuer"
    ERROR = "error"
    CODE = "code"
    ID_TOKEN = "id_token"
    USERINFO = "userinfo"


class Problem(Exception):
    """Nobody was signed in; `detail` names the rule that did not hold."""

    def __init__(self, what: What, detail: str = "") -> None:
        super().__init__(what.value)
        self.what, self.detail = what, detail


def begin(service: DemoService, visit: Visit) -> str:
    """The address at FranceConnect. Raises Problem."""
    endpoint = _metadata()["authorization_endpoint"]
    with visits.lock:
        visit.state, visit.nonce = state.new_id(), state.new_id()
        asked = {
            "response_type": "code",
            "client_id": service.registration.client_id,
            "redirect_uri": service.callback,
            "scope": service.scope,
            "acr_values": "eidas1",
            "state": visit.state,
            "nonce": visit.nonce,
        }
    return f"{endpoint}?{urlencode(asked, quote_via=quote)}"


def finish(service: DemoService, visit: Visit, query: Mapping[str, str]) -> Received:
    """State first, then who speaks, then an error, then the code. Raises Problem."""
    if not visits.take(visit, "state", query.get("state", "")):
        raise Problem(What.STATE)
    nonce, visit.nonce = visit.nonce, ""
    if query.get("iss") != settings.ISSUER:
        raise Problem(What.ISSUER)
    if "error" in query:
        raise Problem(What.ERROR)
    if not query.get("code"):
        raise Problem(What.CODE)
    visit.received = _redeem(service, query["code"], nonce=nonce)
    return visit.received


def sign_out_address(service: DemoService, visit: Visit) -> str:
    """Nobody is signed in here from now on; where FranceConnect's own session ends, or nothing. Raises Problem."""
    left, visit.received = visit.received, None
    if not left:
        return ""
    endpoint = _metadata()["end_session_endpoint"]
    visit.sign_out_state = state.new_id()
    told = {
        "id_token_hint": left.id_token,
        "state": visit.sign_out_state,
        "post_logout_redirect_uri": service.sign_out_callback,
    }
    return f"{endpoint}?{urlencode(told, quote_via=quote)}"


def _redeem(service: DemoService, code: str, *, nonce: str) -> Received:
    found = _metadata()
    try:
        answer = remote.tokens(
            found["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": service.callback,
                "client_id": service.registration.client_id,
                "client_secret": service.registration.secret,
            },
        )
        keys = remote.document(found["jwks_uri"])
        claims = verification.id_token(
            answer["id_token"], keys, _expected(service), nonce=nonce, access_token=answer["access_token"]
        )
    except (Unreachable, Unverified, KeyError) as refused:
        raise Problem(What.ID_TOKEN, str(refused)) from None
    told, raw = _ask_who(service, found, keys, answer["access_token"], sub=claims["sub"])
    return Received(told, claims, answer["id_token"], raw, _now())


def _ask_who(
    service: DemoService, found: Mapping[str, Any], keys: Mapping[str, Any], access_token: str, *, sub: str
) -> tuple[dict[str, Any], str]:
    try:
        _, raw = remote.userinfo(found["userinfo_endpoint"], access_token)
        told = verification.userinfo(raw, keys, _expected(service))
    except (Unreachable, Unverified) as refused:
        raise Problem(What.USERINFO, str(refused)) from None
    if told.get("sub") != sub:
        raise Problem(What.USERINFO, "sub")
    return told, raw


def _metadata() -> dict[str, Any]:
    try:
        return remote.discovery(settings.ISSUER)
    except Unreachable as refused:
        raise Problem(What.DOWN, str(refused)) from None


def _expected(service: DemoService) -> Expected:
    registered = service.registration
    return Expected(settings.ISSUER, registered.client_id, registered.signing_alg, _now(), leeway=LEEWAY)


def _now() -> int:
    """A service's clock is right, whatever FranceConnect's says."""
    return clock.now() - knobs.clock_skew
