"""Every request of the simulator: its browser's session, slow and failing endpoints, refusals as pages."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from franceconnect.simulator import clock, settings, state
from franceconnect.simulator.errors import HubRefused, in_words
from franceconnect.simulator.knobs import knobs

Next = Callable[[HttpRequest], HttpResponse]

# Machines have no session, and what a browser keeps belongs to none: none is begun for them.
WITHOUT_SESSION = frozenset(
    {"discovery", "jwks", "token", "userinfo", "revocation", "provider_keys", "stylesheet", "icon"}
)


class HubRequest(HttpRequest):
    """A request as every view of the simulator meets it."""

    hub: state.Session


class Headers:
    """Nothing is kept, framed or scripted; a form may lead on to where its answer leads, the portal's pages."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class Hub:
    """Puts `request.hub` (state.Session) there, and answers HubRefused with FranceConnect's error page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if name and name == knobs.slow_endpoint:
            time.sleep(knobs.slow_seconds)
        if name and name == knobs.failing_endpoint:
            return HttpResponse(status=knobs.failing_status)
        if name in WITHOUT_SESSION:
            return None
        session = state.session(request.COOKIES.get(state.SESSION_COOKIE, ""), now=clock.now())
        vars(request)["hub"] = session
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HubRefused):
            return None
        told = {
            "code": exception.code,
            "words": in_words(exception.code),
            "status": exception.status,
            "reference": secrets.token_hex(8),
        }
        return render(request, "franceconnect/simulator/error.html", told, status=exception.status)


class SessionCookie:
    """FranceConnect's own cookie, sent back by every page that had a session."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session: state.Session | None = vars(request).get("hub")
        if session:
            # Lax: an identity provider's redirect must bring it along.
            response.set_cookie(
                state.SESSION_COOKIE, session.id, max_age=state.SESSION_LIFE, httponly=True, samesite="Lax"
            )
        return response


def content_security_policy() -> str:
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {knobs.portal_url or settings.PORTAL_URL}"
    )


def known(request: HttpRequest) -> Mapping[str, Any]:
    """What every template knows."""
    return {"portal_url": knobs.portal_url or settings.PORTAL_URL}
