"""Who is at the other end of a request, before anybody has signed in: a browser and a network."""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.sealed import fingerprint


@dataclass(frozen=True)
class Visitor:
    """`token` is the browser's cookie, `network` its address (the /64 of an IPv6 one: a subscriber has all of it)."""

    token: str
    network: str

    @property
    def browser(self) -> bytes:
        return fingerprint("browser", self.token)


def of(request: HttpRequest) -> Visitor:
    """The visitor of this request; a browser without a cookie gets a token that `remember` may hand out."""
    token = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    return Visitor(token if len(token) == 43 else secrets.token_urlsafe(32), network_of(request))


def network_of(request: HttpRequest) -> str:
    """The address the last trusted proxy saw."""
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    hops = settings.TRUSTED_PROXIES
    told = seen[-hops] if hops and len(seen) >= hops else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def remember(response: HttpResponse, visitor: Visitor) -> None:
    """R14: the browser keeps its token for 90 days."""
    _hand_out(response, visitor, max_age=settings.KNOWN_BROWSER_LIFE)


def recognise(response: HttpResponse, visitor: Visitor, request: HttpRequest) -> None:
    """The browser has a token until it is closed; the one it keeps for longer stays as it is."""
    if request.COOKIES.get(settings.BROWSER_COOKIE_NAME) != visitor.token:
        _hand_out(response, visitor, max_age=None)


def _hand_out(response: HttpResponse, visitor: Visitor, *, max_age: timedelta | None) -> None:
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        visitor.token,
        max_age=max_age,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
