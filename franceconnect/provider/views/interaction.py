"""The frame of a client's request on our pages: found, held to its browser, led on, answered once (R15)."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts import visitor
from accounts.models import Account
from accounts.sign_in import How
from accounts.views.pages import MembersOnly
from franceconnect import consents, notices
from franceconnect.provider import grants, interactions
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.errors import OAuthError
from franceconnect.provider.grants import Authentication
from franceconnect.provider.views.authorize import portal_session
from franceconnect.provider.way import SignedIn, Step, next_step
from franceconnect.see_other import SeeOther, csp_source

CANCELLED = OAuthError("access_denied", "User auth aborted")
TOO_OLD = OAuthError("access_denied", "the request has waited too long")


class InteractionPage(View):
    """A page of the way. Only the browser that brought the request sees it, and only until it is answered."""

    # A look (HEAD) is no visit: it must not answer the request.
    http_method_names = ("get", "post")
    # Set by the CSRF page for the pages that show a form (accounts.views.pages.FormPage).
    only_show = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        here: visitor.Visitor = request.visitor  # type: ignore[attr-defined]
        found = interactions.find(kwargs.pop("interaction"), browser=here.browser)
        if found is None:
            return self.over()
        self.interaction = found
        self.asked: AuthorizationRequest = interactions.request_of(found)
        if not found.client.redirect_uri_allowed(self.asked["redirect_uri"]):
            # Taken off the client's list while the member was on the way.
            return self.over()
        if found.expires_at <= timezone.now():
            return self.decline(TOO_OLD)
        response: Any = super().dispatch(request, *args, **kwargs)
        # Chromium holds the redirect after a form to this list as well (libraries, 2.2 no. 6).
        response._csp_update = {"form-action": csp_source(self.asked["redirect_uri"])}
        return response

    def someone(self) -> SignedIn | None:
        """Who signed in for this request; a standard client's member may have come with the portal's session."""
        interaction, account = self.interaction, interactions.member_of(self.interaction)
        if not self.asked.known_client.is_federation:
            there = portal_session(self.request)
            if there is None:
                return None
            return SignedIn(there.who, there.how, fresh=account is not None and account == there.who.account)
        if account is None or interaction.signed_in_at is None:
            return None
        who = Authentication(account, interaction.signed_in_at)
        return SignedIn(who, How(interaction.how), fresh=True, weak=interaction.weak_password)

    def go_on(self) -> HttpResponse:
        """The next page of the way, or the answer."""
        someone = self.someone()
        try:
            step = self.step(someone)
        except OAuthError as refused:
            return self.decline(refused)
        if step is None and someone is not None:
            return self.finish(someone)
        return self.show(step or Step.SIGN_IN)

    def step(self, someone: SignedIn | None) -> Step | None:
        """What stands in the way of this member. Raises OAuthError."""
        return next_step(self.asked, someone, now=timezone.now())

    def show(self, page: str) -> HttpResponse:
        return redirect(f"provider:{page}", interaction=self.interaction.pk)

    def finish(self, someone: SignedIn, *, agreed: frozenset[str] | None = None) -> HttpResponse:
        """The code, once, with what the member has just agreed to; a federation session is over with it (R15)."""
        now, client = timezone.now(), self.asked.known_client
        with transaction.atomic():
            if not interactions.finish(self.interaction, now=now):
                return self.over()
            if agreed is not None:
                consents.give(someone.who.account, client, agreed, now=now)
            code = grants.issue(self.asked, someone.who, now=now)
            if client.is_federation:
                family = notices.browser_family(self.request.headers.get("User-Agent", ""))
                notices.signed_in(someone.who.account, family=family, client=client.client_id, now=now)
        return SeeOther(self.asked.answer({"code": code}))

    def decline(self, error: OAuthError) -> HttpResponse:
        """No, once."""
        if not interactions.finish(self.interaction, now=timezone.now()):
            return self.over()
        return SeeOther(self.asked.refusal(error))

    def over(self) -> HttpResponse:
        """Answered, forgotten, or brought by another browser."""
        return render(self.request, "franceconnect/request_over.html", status=410)

    def frame(self) -> dict[str, Any]:
        """What the frame's template shows."""
        return {
            "frame": "franceconnect/frame.html",
            "client": self.asked.known_client,
            "cancel_url": reverse("provider:cancel", args=[self.interaction.pk]),
            "interaction": self.interaction.pk,
        }


class Cancel(InteractionPage):
    """« Retourner sur FranceConnect »: an answer like any other, and nothing of the request stays open (FI 6)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Also with a form of yesterday: it comes from here, and a no harms nobody."""
        return self.decline(CANCELLED)


class Continue(InteractionPage):
    """Where every page of the way leads back to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.go_on()


class InteractionMember(InteractionPage, MembersOnly):
    """A page of the way for somebody who has signed in; pages of accounts stand in it as they are."""

    # Also where a page of accounts is a company's as well: no service is told of one (R1).
    open_to = frozenset({Account.Kind.MEMBER})
    # The pages of accounts, by their names there, that have one of their own on the way.
    STANDS_HERE: ClassVar[set[str]] = {Step.SIGN_IN, Step.PERSONALISE, Step.CONFIRM, "confirm_email"}

    def signed_in(self) -> Account | None:
        someone = self.someone()
        return someone.who.account if someone else None

    def how(self) -> How | None:
        someone = self.someone()
        return someone.how if someone else None

    def ask_to_sign_in(self) -> HttpResponse:
        return self.show(Step.SIGN_IN)

    def not_theirs(self, account: Account) -> HttpResponse:
        return self.go_on()

    def go(self, page: str) -> HttpResponse:
        return self.show(page) if page in self.STANDS_HERE else self.go_on()
