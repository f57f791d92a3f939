"""What holds for every page once a member has signed in."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts import member_session
from accounts.duties import next_duty
from accounts.sign_in import How

Next = Callable[[HttpRequest], HttpResponse]
EXPIRED = "session_ended"
# The same, of an agent: told at their own door.
EXPIRED_AT_DESK = "agent_session_ended"


class Sessions(SessionMiddleware):
    """Django's, but an answer that comes late does not sign anybody out.

    A request that left before the session got a new key finds no session. Django would then delete the cookie, by now
    the new one's. Only an answer that itself ended a session deletes it.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if request.session.is_empty() and not request.session.modified:
            return response
        return super().process_response(request, response)


class SessionLimits:
    """Ends a session after 30 idle minutes or 12 hours (R14); the next page says so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if member_session.OPENED in request.session and request.user.is_authenticated:
            now = timezone.now()
            if end := member_session.ended(request.session, now=now):
                told = EXPIRED_AT_DESK if member_session.how(request) is How.AGENT else EXPIRED
                member_session.close_session(request, reason=end, now=now)
                request.session[told] = end
            else:
                member_session.touch(request.session, now=now)
        return self.get_response(request)


class Duties:
    """Leads back to what has to be done first; no page can be reached around it (D01, E01)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or request.resolver_match is None:
            return None
        duty = next_duty(request.user, member_session.how(request))
        if duty is None or duty.allows(request.resolver_match.view_name):
            return None
        return redirect(duty.page)
