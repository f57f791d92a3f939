"""The first time: the NIR, then either the account that is there or a registration (I11 to I13, B29)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.fields.typography import counted
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.identity.refusal import ValueRefused
from accounts.models import Account, Member
from accounts.sign_in import AccountClosed, SignIn
from accounts.views.pages import FormPage, duration
from franceconnect.client import arrival, matching, registering
from franceconnect.client.arrival import Conflict, Kept, Over
from franceconnect.client.forms import IdentifyForm, RegisterForm
from franceconnect.client.matching import NotMatched
from franceconnect.client.views.problem import lead_to
from franceconnect.client.views.round_trip import KEPT, open_session, show_conflict

LINKED = "Votre compte MSA est maintenant associé avec votre compte FranceConnect."
REGISTERED = "Votre inscription est terminée. Votre compte MSA est associé avec votre compte FranceConnect."
CONFIRM_EMAIL = "Pour confirmer votre adresse, ouvrez l'email que nous venons de vous envoyer."


class FirstTimePage(FormPage):
    """For whom FranceConnect has named in this very browser, as long as that waits."""

    there: Kept

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.now = timezone.now()
        browser = request.visitor.browser  # type: ignore[attr-defined]
        found = arrival.kept(request.session.get(KEPT), browser=browser, now=self.now)
        if found is None:
            return self.nobody_waits()
        self.there = found
        return self.elsewhere() or super().dispatch(request, *args, **kwargs)

    def nobody_waits(self) -> HttpResponse:
        """A second click finds its first one's session; who took too long starts again."""
        if self.request.user.is_authenticated:
            return redirect("accounts:space")
        if self.request.method == "POST":
            return redirect("franceconnect:identify")
        return render(self.request, "franceconnect/client/over.html", status=410)

    def elsewhere(self) -> HttpResponse | None:
        return None

    def sign_in(self, account: Account) -> HttpResponse:
        """I13."""
        try:
            done = arrival.first_sign_in(self.there, account, now=self.now)
        except Over:
            return redirect("franceconnect:identify")
        except Conflict as conflict:
            return show_conflict(self.request, conflict)
        except AccountClosed:
            return lead_to(self.request, "compte-ferme")
        return self.come_in(done, LINKED, self.there.next_page)

    def come_in(self, done: SignIn, told: str, next_page: str) -> HttpResponse:
        response = open_session(self.request, done, id_token=self.there.id_token, next_page=next_page)
        messages.success(self.request, told)
        return response


class Identify(FirstTimePage):
    """« Accéder à Mon espace privé avec FranceConnect »."""

    template_name = "franceconnect/client/identify.html"
    form_class = IdentifyForm

    def accept(self, form: IdentifyForm) -> HttpResponse:
        network = self.request.visitor.network  # type: ignore[attr-defined]
        try:
            member = matching.attempt(self.there.identity, form.cleaned_data["nir"], network=network, now=self.now)
        except NotMatched as refused:
            raise ValidationError({"nir": ValidationError(refusal(refused), code="not_matched")}) from None
        if account := arrival.account_of(member):
            return self.sign_in(account)
        arrival.register_as(self.there, member)
        return redirect("franceconnect:register")


def refusal(refused: NotMatched) -> str:
    """The same whoever is unknown, somebody else or dead (R5); says what comes next."""
    start = (
        "Ce numéro et l'identité transmise par FranceConnect ne vont pas ensemble. "
        "Vérifiez le numéro sur votre carte Vitale."
    )
    if not refused.tries_left:
        return f"{start} Attendez {duration(refused.wait)} avant de réessayer."
    return f"{start} Il vous reste {counted(refused.tries_left, 'essai')} avant une attente."


class Register(FirstTimePage):
    """B29: contact details and terms; the identity is the registry's, and nothing to fill in (FS 16)."""

    template_name = "franceconnect/client/register.html"
    form_class = RegisterForm

    def elsewhere(self) -> HttpResponse | None:
        return None if self.there.round_trip.member else redirect("franceconnect:identify")

    @property
    def member(self) -> Member:
        member = self.there.round_trip.member
        assert member is not None
        return member

    def initial(self) -> dict[str, Any]:
        try:
            return {"email": Email.parse(self.there.identity.email)}
        except ValueRefused:
            return {}

    def context(self) -> dict[str, Any]:
        return {"member": self.member}

    def accept(self, form: RegisterForm) -> HttpResponse:
        email: Email = form.cleaned_data["email"]
        mobile: Phone | None = form.cleaned_data["mobile"]
        try:
            made = registering.register(self.there, self.member, email=email, mobile=mobile, now=self.now)
        except Over:
            return redirect("franceconnect:identify")
        except Conflict as conflict:
            return show_conflict(self.request, conflict)
        except AccountClosed:
            return lead_to(self.request, "compte-ferme")
        except registering.AccountExists:
            return self.opened_meanwhile()
        if made.proves_email:
            return self.come_in(made.sign_in, REGISTERED, "accounts:confirm_email")
        return self.come_in(made.sign_in, f"{REGISTERED} {CONFIRM_EMAIL}", self.there.next_page)

    def opened_meanwhile(self) -> HttpResponse:
        account = arrival.account_of(self.member)
        return self.sign_in(account) if account else redirect("franceconnect:identify")
