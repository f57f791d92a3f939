"""The pages a member meets on the way to a service: sign-in, duties, eligibility, consent (J02, J03, I06 to I10)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import member_session, membership, own_password, passwords
from accounts.forms.access import NewPasswordForm, SignInForm
from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused
from accounts.models import Account
from accounts.sign_in import How
from accounts.sign_in import SignIn as SignedInNow
from accounts.views import contact
from accounts.views.pages import EVERYBODY
from accounts.views.passwords import PersonalisePassword
from accounts.views.sign_in import SignIn
from franceconnect import claims, eligibility
from franceconnect.claim_words import LABELS
from franceconnect.forms import FederationSignInForm
from franceconnect.provider import interactions
from franceconnect.provider.errors import OAuthError
from franceconnect.provider.grants import Authentication
from franceconnect.provider.views.interaction import InteractionMember, InteractionPage
from franceconnect.provider.way import SignedIn, Step, wanted


class SignInHere(InteractionPage, SignIn):
    """« Je me connecte avec mon compte msa.fr » (J02); for other services, the portal's own session is opened."""

    template_name = "franceconnect/sign_in.html"

    def elsewhere(self) -> None:
        """An open session leads past nothing: the request asked for a sign-in (FI 4)."""

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        template = "franceconnect/federation_sign_in.html" if self.is_federation else self.template_name
        return render(self.request, template, {"form": form, **self.context()}, status=status)

    @property
    def is_federation(self) -> bool:
        return self.interaction.client.is_federation

    @property
    def form_class(self) -> type[SignInForm]:  # type: ignore[override]
        return FederationSignInForm if self.is_federation else SignInForm

    def initial(self) -> dict[str, Any]:
        """A client may know who comes (Core, 3.1.2.1: login_hint); what is no NIR is nobody's business."""
        try:
            return {"login_id": Nir.parse(self.asked["login_hint"])}
        except ValueRefused:
            return {}

    def context(self) -> dict[str, Any]:
        return self.frame()

    def accept(self, form: SignInForm) -> HttpResponse:
        self.weak = not passwords.meets_rule(form.cleaned_data["password"])
        return super().accept(form)

    def signed_in(self, done: SignedInNow) -> HttpResponse:
        """Straight to the answer when nothing else stands in the way; else on, under a new number."""
        weak = self.weak and self.is_federation and done.how is How.PASSWORD
        someone = SignedIn(Authentication(done.account, done.at), done.how, fresh=True, weak=weak)
        if not self.is_federation:
            member_session.open_session(self.request, done)
        try:
            step = self.step(someone)
        except OAuthError as refused:
            return self.decline(refused)
        if step is None:
            return self.finish(someone)
        going_on = interactions.sign_in(self.interaction, someone)
        if going_on is None:
            return self.over()
        self.interaction = going_on
        return self.show(step)


class InItsTurn(InteractionMember):
    """A page that opens only when nothing else comes before it: no demanded sign-in is walked around."""

    turn: ClassVar[Step]

    def elsewhere(self) -> HttpResponse | None:
        try:
            step = self.step(self.someone())
        except OAuthError as refused:
            return self.decline(refused)
        return None if self.may_stand(step) else self.go_on()

    def may_stand(self, step: Step | None) -> bool:
        return step is self.turn


class PersonaliseHere(InItsTurn, PersonalisePassword):
    """D01 on the way; and a password that the rule would refuse today (R2) is replaced here as well."""

    template_name = "franceconnect/personalise_password.html"
    is_chosen = False

    turn = Step.PERSONALISE

    def may_stand(self, step: Step | None) -> bool:
        return super().may_stand(step) or (step is Step.ELIGIBILITY and self.is_too_simple)

    @property
    def is_too_simple(self) -> bool:
        """Of who signed in here, for FranceConnect: by the portal's own session no password is changed unasked."""
        someone = self.someone()
        return someone is not None and someone.weak

    def accept(self, form: NewPasswordForm) -> HttpResponse:
        if not self.is_too_simple:
            return super().accept(form)
        browser = self.request.visitor.browser  # type: ignore[attr-defined]
        own_password.change(self.account, form.cleaned_data["new_password1"], browser=browser, now=self.now)
        self.password_chosen()
        return self.go_on()

    def password_chosen(self) -> None:
        if not self.interaction.client.is_federation:
            super().password_chosen()
        interactions.password_chosen(self.interaction, self.account)
        self.is_chosen = True

    def show(self, page: str) -> HttpResponse:
        """D07: said by the next page of the way; after the callback it would wait for whoever comes here next."""
        if self.is_chosen:
            messages.success(self.request, "Votre mot de passe a bien été modifié.")
        return super().show(page)

    def superseded(self) -> HttpResponse:
        return self.go("sign_in")

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame(), "is_too_simple": self.is_too_simple}


class ContactHere(InItsTurn):
    """E01 on the way; for FranceConnect also where an e-mail that is not proven yet can be proven (R2, E06).

    Who came with the portal's session has typed no password for it, and changes no address here (G01).
    """

    turn = Step.CONFIRM

    def may_stand(self, step: Step | None) -> bool:
        return super().may_stand(step) or (step is Step.ELIGIBILITY and self.account.email_proven_at is None)


class ConfirmHere(ContactHere, contact.ConfirmContact):
    """The contact details."""

    template_name = "franceconnect/confirm_contact.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame()}


class ConfirmEmailHere(ContactHere, contact.ConfirmEmail):
    """The six digits."""

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame()}


class Eligibility(InItsTurn):
    """R2: which condition is missing, how to mend it, and the way back to FranceConnect."""

    turn, open_to = Step.ELIGIBILITY, EVERYBODY

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.account.kind == Account.Kind.COMPANY:
            return self.only_for_members()
        someone = self.someone()
        missing = eligibility.missing(
            self.account,
            how=someone.how if someone else None,
            today=timezone.localdate(self.now),
            weak_password=self.interaction.weak_password,
        )
        departments = membership.of(self.member, on=timezone.localdate(self.now)).departments
        mended_here = eligibility.MENDED_BY_THE_MEMBER.issuperset(missing)
        context = {
            "missing": missing,
            "mended_here": mended_here,
            "asks_caisse": not mended_here,
            # The address has a condition of its own.
            "lacking": [LABELS[name] for name in eligibility.incomplete(self.account) if name != "email"],
            "department": departments[0] if departments else None,
        }
        return render(request, "franceconnect/not_eligible.html", {**context, **self.frame()})

    def only_for_members(self) -> HttpResponse:
        """J04: whatever the service, a company has no identity of a person to tell."""
        context = {"department": self.account.company.place, **self.frame()}
        return render(self.request, "franceconnect/only_for_members.html", context)


class Consent(InItsTurn):
    """I06 to I10 in our own words: what the service would learn; the member decides."""

    turn = Step.CONSENT

    def get(self, request: HttpRequest) -> HttpResponse:
        requested = self.asked.claims.get("userinfo", {})
        shared = claims.shown(self.account, self.interaction.client, scopes=self.asked.scopes, requested=requested)
        return render(request, "franceconnect/consent.html", {"shared": shared, **self.frame()})

    def post(self, request: HttpRequest) -> HttpResponse:
        someone = self.someone()
        if self.only_show or someone is None or not {"allow", "refuse"} & set(request.POST):
            return self.get(request)
        if "refuse" in request.POST:
            return self.decline(REFUSED)
        return self.finish(someone, agreed=wanted(self.asked))


REFUSED = OAuthError("access_denied", "the member does not share this")
