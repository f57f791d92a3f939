"""To FranceConnect and back (I02, I12, FS 3, FS 6)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View

from accounts import member_session, visitor
from accounts.models import Account
from accounts.passwords import grouped
from accounts.sign_in import AccountClosed, How, SignIn
from accounts.views.pages import own_page
from franceconnect.client import arrival, relying_party, sign_out
from franceconnect.client.arrival import Conflict, Over, SomebodyElse
from franceconnect.client.relying_party import Arrival, ReturnedWithProblem
from franceconnect.client.views.problem import lead_to
from franceconnect.models import RoundTrip

KEPT = "franceconnect_round_trip"


class Start(View):
    """« S'identifier avec FranceConnect ». A look (HEAD) is no visit: nobody leaves."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        if not is_a_visit(request):
            return HttpResponse(status=400)
        here: visitor.Visitor = request.visitor  # type: ignore[attr-defined]
        now, next_page = timezone.now(), own_page(request, request.GET.get("suite", ""))
        again = has_to_come_again(request)
        if request.user.is_authenticated and request.user.kind != Account.Kind.AGENT and not again:
            return redirect(next_page or "accounts:space")
        if again and (way_out := leave_first(request, next_page, now=now)):
            return redirect(way_out)
        try:
            address = relying_party.begin(
                RoundTrip.Purpose.SIGN_IN,
                browser=here.browser,
                network=here.network,
                next_page=next_page,
                fresh=again,
                now=now,
            )
        except ReturnedWithProblem as refused:
            return lead_to(request, refused.slug, refused.code)
        response = redirect(address)
        visitor.recognise(response, here, request)
        return response


def is_a_visit(request: HttpRequest) -> bool:
    """Not a picture or a frame of somebody's page, nor what a browser fetches in case (Fetch Metadata): each counts."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return not ahead and request.headers.get("Sec-Fetch-Dest", "document") == "document"


def has_to_come_again(request: HttpRequest) -> bool:
    """Whom FranceConnect brought some time ago, and who wants a password now (G01)."""
    brought = member_session.how(request) is How.FRANCECONNECT
    return brought and not member_session.is_fresh(request, now=timezone.now())


def leave_first(request: HttpRequest, next_page: str, *, now: datetime) -> str:
    """Where FranceConnect's session ends, as it would answer in the member's place; back here then. Once (FS 20)."""
    browser = request.visitor.browser  # type: ignore[attr-defined]
    back = f"{request.path}?{urlencode({'suite': next_page})}"
    return sign_out.take_out(request.session, browser=browser, next_page=back, now=now)


class Callback(View):
    """Where FranceConnect sends the browser back to."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.here: visitor.Visitor = request.visitor  # type: ignore[attr-defined]
        self.now = timezone.now()
        try:
            came = relying_party.finish(request.GET, browser=self.here.browser, now=self.now)
        except ReturnedWithProblem as refused:
            return lead_to(request, refused.slug, refused.code)
        if came.round_trip.purpose == RoundTrip.Purpose.ASSOCIATE:
            return self.associated(came)
        return self.came_in(came)

    def came_in(self, came: Arrival) -> HttpResponse:
        try:
            done = arrival.recognise(came, now=self.now)
        except AccountClosed:
            return lead_to(self.request, "compte-ferme")
        if done is None:
            arrival.keep(came)
            return self.ask_for_number(came)
        return open_session(self.request, done, id_token=came.id_token, next_page=came.round_trip.luggage["next_page"])

    def ask_for_number(self, came: Arrival) -> HttpResponse:
        """I11: in a session under a new key, whose old one somebody may have prepared."""
        if self.request.user.is_authenticated:
            member_session.close_session(self.request, reason="another_sign_in", now=self.now)
        self.request.session.cycle_key()
        self.request.session[KEPT] = str(came.round_trip.pk)
        return redirect("franceconnect:identify")

    def associated(self, came: Arrival) -> HttpResponse:
        """FS 20: in the session that asked for it, and in no other."""
        account: Any = self.request.user
        if not account.is_authenticated or account.pk != came.round_trip.account_id:
            return lead_to(self.request, "association-interrompue")
        try:
            arrival.associate(came, account, now=self.now)
        except SomebodyElse:
            return lead_to(self.request, "association-autre-personne")
        except Conflict as conflict:
            return show_conflict(self.request, conflict)
        except Over:
            return redirect("accounts:account")
        # FranceConnect is open in this browser as well, and ends with this session (FS 17).
        sign_out.keep(self.request.session, came.id_token)
        messages.success(self.request, "Votre compte MSA est maintenant associé avec votre compte FranceConnect.")
        return redirect("accounts:account")


def open_session(request: HttpRequest, done: SignIn, *, id_token: str, next_page: str) -> HttpResponse:
    """The portal's session, of its own; FranceConnect's id_token waits in it for the end (FS 17, FS 21)."""
    member_session.open_session(request, done)
    sign_out.keep(request.session, id_token)
    return redirect(next_page or "accounts:space")


def show_conflict(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """« déjà associé », with what to read to the agent (FS 13)."""
    return lead_to(request, "deja-associe", reference=grouped(conflict.reference))
