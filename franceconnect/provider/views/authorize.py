"""The authorization endpoint (RFC 6749, 3.1; Core, 3.1.2): checks, then the answer or the first page of the way."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from accounts import member_session, visitor
from accounts.models import Account
from accounts.throttling import TooManyAttempts
from franceconnect.provider import checks, grants, interactions
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.errors import OAuthError, page_only
from franceconnect.provider.grants import Authentication
from franceconnect.provider.way import SILENT_REFUSALS, SignedIn, Step, next_step
from franceconnect.see_other import as_get


@method_decorator(csrf_exempt, name="dispatch")
class Authorize(View):
    """Answers at once when nothing has to be asked of the member."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = AuthorizationRequest.read(request.GET)
        try:
            return self.answer(checks.check(asked), now=timezone.now())
        except OAuthError as error:
            return refuse(request, asked, error)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Core, 3.1.2.1: as good as GET, and becomes one: cookies come along, and no check can be walked around.

        A login_hint may be a NIR, and is not put into an address by us (R20).
        """
        given = request.POST.copy()
        given.pop("login_hint", None)
        too_long = page_only("the request is too long")
        return as_get(request.path, given) or refuse(request, AuthorizationRequest.read(given), too_long)

    def answer(self, asked: AuthorizationRequest, *, now: datetime) -> HttpResponse:
        someone = None if asked.known_client.is_federation else portal_session(self.request)
        step = next_step(asked, someone, now=now)
        if step is None and someone is not None:
            with transaction.atomic():
                code = grants.issue(asked, someone.who, now=now)
            return redirect(asked.answer({"code": code}))
        if "none" in asked.prompt:
            error = SILENT_REFUSALS.get(step or Step.SIGN_IN, "interaction_required")
            raise OAuthError(error, "the member has to be asked, and prompt is none")
        return self.begin(asked, step or Step.SIGN_IN, now=now)

    def begin(self, asked: AuthorizationRequest, step: Step, *, now: datetime) -> HttpResponse:
        here: visitor.Visitor = self.request.visitor  # type: ignore[attr-defined]
        try:
            interaction = interactions.begin(asked, browser=here.browser, network=here.network, now=now)
        except TooManyAttempts:
            raise OAuthError("temporarily_unavailable", "too many requests from this network") from None
        response = redirect(f"provider:{step}", interaction=interaction.pk)
        visitor.recognise(response, here, self.request)
        return response


def portal_session(request: HttpRequest) -> SignedIn | None:
    """The portal's session, which standard clients share (R15)."""
    user: Any = request.user
    if not user.is_authenticated or user.kind == Account.Kind.AGENT:
        return None
    opened = datetime.fromtimestamp(request.session[member_session.OPENED], UTC)
    how = member_session.how(request)
    return SignedIn(Authentication.with_session(user, opened, how), how)


def refuse(request: HttpRequest, asked: AuthorizationRequest, error: OAuthError) -> HttpResponse:
    """Back to the client with the error; while it is not known to be good, a page (FI 3, FI 6)."""
    if error.may_redirect:
        return redirect(asked.refusal(error))
    return render(request, "franceconnect/request_refused.html", {"error": error}, status=400)
