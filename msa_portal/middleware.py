"""What holds for every request: an id, the visitor, the headers."""

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import visitor
from accounts.circumstance import Circumstance, circumstance
from accounts.journal import network_mark
from accounts.throttling import TooManyAttempts
from accounts.views.pages import duration

Next = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)
GIVEN_ID = re.compile(r"[0-9a-zA-Z-]{8,32}\Z")


class RequestId:
    """Names the request, in logs, journal and error pages; the reference a caller can read out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        here = visitor.of(request)
        # Our proxy names requests; nobody else puts a word of theirs into our logs and journal.
        proxied = settings.TRUSTED_PROXIES and GIVEN_ID.match(given)
        request_id = given if proxied else secrets.token_hex(8)
        vars(request).update(id=request_id, visitor=here)
        around = Circumstance(request_id, network_mark(here.network))
        token = circumstance.set(around)
        try:
            response = self.get_response(request)
        finally:
            circumstance.reset(token)
        response["X-Request-ID"] = request_id
        return response


class ResponseHeaders:
    """Pages are nobody else's to keep, frame or read."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Waits:
    """A limit that no form of ours told in its own words: a page that says how long (R12)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAttempts):
            return None
        words = {"retry_after_words": duration(exception.retry_after)}
        response = render(request, "429.html", words, status=429)
        response["Retry-After"] = str(exception.retry_after)
        return response
