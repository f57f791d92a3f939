"""The end of FranceConnect's session, and the way back to the service that asked for it (facts B4, A8)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from franceconnect.simulator import clients, settings, state
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.hub import tokens
from franceconnect.simulator.identity_provider import msa
from franceconnect.simulator.middleware import HubRequest

# B4 names it for a hint that belongs to no session; the two others are those of the same faults at the other end.
BAD_HINT, MALFORMED, UNKNOWN_REDIRECT_URI = "Y100019", "Y030007", "Y04C013C"
REQUIRED = ("id_token_hint", "post_logout_redirect_uri", "state")


def begin(request: HubRequest) -> HttpResponse:
    """A page that goes on by itself and ends nothing yet: whoever only looks (a scanner, a prefetch) signs nobody out.

    Raises HubRefused.
    """
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    given = (request.GET if request.method == "GET" else request.POST).dict()
    back = way_back(given)
    key = state.new_id()
    with state.lock:
        request.hub.logout = {"key": key, "back": back}
    return render(request, "franceconnect/simulator/session_end.html", {"key": key})


def confirm(request: HubRequest) -> HttpResponse:
    """By the page of `begin` alone, once: its key is this browser's. Then the identity provider, then the service."""
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    key = (request.GET if request.method == "GET" else request.POST).get("key", "")
    with state.lock:
        if not key or request.hub.logout.get("key") != key:
            raise HubRefused(BAD_HINT)
        del request.hub.logout["key"]
        signed_in = request.hub.signed_in
    there = msa.sign_out_address(signed_in, state.new_id()) if signed_in else ""
    return see_other(there) if there else finish(request.hub)


def finish(session: state.Session) -> HttpResponse:
    """The session is over; back to the service that asked for it. Nothing ends unasked for. Raises HubRefused."""
    with state.lock:
        if "key" in session.logout or not session.logout.get("back"):
            raise HubRefused(BAD_HINT)
        back = session.logout.pop("back")
        state.end_session(session)
    return see_other(back)


def see_other(there: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": there})


def way_back(given: Mapping[str, str]) -> str:
    """To an address that the service of this hint has declared, to the letter. Raises HubRefused."""
    if not all(given.get(name) for name in REQUIRED):
        raise HubRefused(MALFORMED)
    claims = tokens.claims_of_ours(given["id_token_hint"])
    service = clients.of(str(claims.get("aud"))) if claims and claims.get("iss") == settings.ISSUER else None
    if not service:
        raise HubRefused(BAD_HINT)
    if given["post_logout_redirect_uri"] not in service.post_logout_redirect_uris:
        raise HubRefused(UNKNOWN_REDIRECT_URI)
    return f"{given['post_logout_redirect_uri']}?{urlencode({'state': given['state']})}"
