"""MSA as an identity provider of the hub: the way there (A2), what comes back (A3 to A5), signing out (A8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect

from franceconnect.simulator import clock, remote, settings, state
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.identity_provider import tokens
from franceconnect.simulator.identity_provider.tokens import Registered, Tokens
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.remote import Unreachable
from franceconnect.simulator.verification import Expected

SLUG = "msa"
SCOPE = "openid profile email birth"
CALLBACK = f"{settings.BASE_URL}/api/v2/oidc-callback"
LOGOUT_CALLBACK = f"{settings.BASE_URL}/api/v2/client/logout-callback"


class CameBackWithError(Exception):
    """MSA said no, or its visitor did: the picker is shown again (A8)."""


@dataclass(frozen=True, repr=False)
class Vouched:
    """Whom MSA has vouched for."""

    claims: Mapping[str, Any]
    acr: str
    id_token: str


def begin(session: state.Session, interaction: state.Interaction) -> HttpResponse:
    """To MSA's authorization endpoint with exactly what FranceConnect sends, whatever the service asked for (A2)."""
    refuse_disabled()
    endpoint = metadata()["authorization_endpoint"]
    with state.lock:
        interaction.provider = SLUG
        interaction.provider_state, interaction.provider_nonce = state.new_id(), state.new_id()
        asked = {
            "client_id": settings.HUB_CLIENT_ID,
            "scope": SCOPE,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "acr_values": knobs.allowed_acr.split()[0],
            "state": interaction.provider_state,
            "nonce": interaction.provider_nonce,
            "prompt": "login",
        }
    return HttpResponseRedirect(f"{endpoint}?{urlencode(asked, quote_via=quote)}")


def come_back(session: state.Session, query: Mapping[str, str]) -> tuple[state.Interaction, str]:
    """The interaction of this return and its nonce; a state serves once, so a page that is refreshed is refused."""
    returned = "" if knobs.lose_state else query.get("state", "")
    if not returned.strip():
        raise HubRefused("Y020021", 400)
    with state.lock:
        for each in session.interactions.values():
            if each.provider_state == returned:
                nonce, each.provider_state, each.provider_nonce = each.provider_nonce, "", ""
                return each, nonce
    raise HubRefused("Y020022", 403)


def finish(query: Mapping[str, str], *, nonce: str) -> Vouched:
    """Whom MSA vouches for. Raises CameBackWithError, HubRefused."""
    refuse_disabled()
    if "error" in query:
        raise CameBackWithError
    if not query.get("code"):
        raise HubRefused("Y020025", 400)
    known = redeem(query, nonce=nonce)
    return Vouched(ask_who(known), known.acr, known.id_token)


def redeem(query: Mapping[str, str], *, nonce: str) -> Tokens:
    """The code against tokens (A3). Raises HubRefused."""
    found = metadata()
    announced = found.get("authorization_response_iss_parameter_supported") is True
    if query.get("iss", None if announced else issuer()) != issuer():
        raise HubRefused("Y020026", 502)
    try:
        answer = remote.tokens(
            found["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": query["code"],
                "redirect_uri": CALLBACK,
                "client_id": settings.HUB_CLIENT_ID,
                "client_secret": settings.HUB_CLIENT_SECRET,
            },
        )
        jwks = remote.document(found["jwks_uri"])
    except Unreachable:
        raise HubRefused("Y020026", 502) from None
    return tokens.check(answer, jwks, expected(), registered(), nonce=nonce)


def ask_who(known: Tokens) -> dict[str, Any]:
    """MSA's userinfo (A4, A5). Raises HubRefused."""
    found = metadata()
    try:
        media_type, body = remote.userinfo(found["userinfo_endpoint"], known.access_token)
        jwks = remote.document(found["jwks_uri"])
    except Unreachable:
        raise HubRefused("Y020027", 502) from None
    return tokens.identity(media_type, body, jwks, expected(), registered(), sub=known.claims["sub"])


def sign_out_address(signed_in: state.SignedIn, sign_out_state: str) -> str:
    """Where MSA ends its session; nothing where there is none to end, or no safe address for it (A8)."""
    if signed_in.provider != SLUG or not signed_in.provider_id_token:
        return ""
    try:
        endpoint = remote.discovery(issuer()).get("end_session_endpoint", "")
    except Unreachable:
        return ""
    if not is_safe(endpoint):
        return ""
    told = {
        "id_token_hint": signed_in.provider_id_token,
        "post_logout_redirect_uri": LOGOUT_CALLBACK,
        "state": sign_out_state,
        "client_id": settings.HUB_CLIENT_ID,
    }
    return f"{endpoint}?{urlencode(told, quote_via=quote)}"


def is_safe(endpoint: str) -> bool:
    """FranceConnect asks for https; on one machine, where the simulator lives, http is as private."""
    parts = urlsplit(endpoint)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def refuse_disabled() -> None:
    if SLUG in knobs.disabled_providers:
        raise HubRefused("Y020017", 400)


def metadata() -> dict[str, Any]:
    """Read anew at each step, as FranceConnect does (A3). Raises HubRefused."""
    try:
        return remote.discovery(issuer())
    except Unreachable:
        raise HubRefused("Y020024", 502) from None


def issuer() -> str:
    return knobs.portal_url or settings.PORTAL_URL


def expected() -> Expected:
    return Expected(issuer(), settings.HUB_CLIENT_ID, knobs.provider_alg, clock.now())


def registered() -> Registered:
    return Registered(knobs.provider_alg, knobs.provider_userinfo, knobs.provider_encryption)
