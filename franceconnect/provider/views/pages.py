"""The pages a member meets on the way to a service: sign-in, duties, eligibility, consent (J02, J03, I06 to I10)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import member_session, membership, own_password, passwords
from accounts.duties import next_duty
from accounts.forms.access import NewPasswordForm, SignInForm
from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused
from accounts.sign_in import SignIn as SignedInNow
from accounts.views import contact
from accounts.views.passwords import PersonalisePassword
from accounts.views.sign_in import SignIn
from franceconnect import claims, consents, eligibility
from franceconnect.claim_words import LABELS
from franceconnect.forms import FederationSignInForm
from franceconnect.provider import interactions
from franceconnect.provider.errors import OAuthError
from franceconnect.provider.views.interaction import InteractionMember, InteractionPage
from franceconnect.provider.way import Step, next_step, wanted


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
        interactions.sign_in(self.interaction, done, weak=self.weak)
        if not self.is_federation:
            member_session.open_session(self.request, done)
        return self.go_on()


class PersonaliseHere(InteractionMember, PersonalisePassword):
    """D01 on the way; and a password that the rule would refuse today (R2) is replaced here as well."""

    template_name = "franceconnect/personalise_password.html"

    def elsewhere(self) -> HttpResponse | None:
        return None if self.interaction.weak_password else super().elsewhere()

    def accept(self, form: NewPasswordForm) -> HttpResponse:
        if not self.interaction.weak_password or next_duty(self.account, self.how()):
            return super().accept(form)
        browser = self.request.visitor.browser  # type: ignore[attr-defined]
        own_password.change(self.account, form.cleaned_data["new_password1"], browser=browser, now=self.now)
        self.password_chosen()
        return self.go_on()

    def password_chosen(self) -> None:
        if not self.interaction.client.is_federation:
            super().password_chosen()
        interactions.password_chosen(self.interaction, self.account)
        messages.success(self.request, "Votre mot de passe a bien été modifié.")

    def superseded(self) -> HttpResponse:
        return self.go("sign_in")

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame(), "is_too_simple": self.interaction.weak_password}


class ConfirmHere(InteractionMember, contact.ConfirmContact):
    """E01 on the way; also where an e-mail that is not proven yet can be proven (R2, E06)."""

    template_name = "franceconnect/confirm_contact.html"

    def elsewhere(self) -> HttpResponse | None:
        return super().elsewhere() if self.account.email_proven_at else None

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame()}


class ConfirmEmailHere(InteractionMember, contact.ConfirmEmail):
    """The six digits, on the way."""

    def elsewhere(self) -> HttpResponse | None:
        return super().elsewhere() if self.account.email_proven_at else None

    def context(self) -> dict[str, Any]:
        return {**super().context(), **self.frame()}


class Eligibility(InteractionMember):
    """R2: which condition is missing, how to mend it, and the way back to FranceConnect."""

    def get(self, request: HttpRequest) -> HttpResponse:
        someone = self.someone()
        missing = eligibility.missing(
            self.account,
            how=someone.how if someone else None,
            today=timezone.localdate(self.now),
            weak_password=self.interaction.weak_password,
        )
        if not missing:
            return self.go_on()
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


class Consent(InteractionMember):
    """I06 to I10 in our own words: what the service would learn; the member decides."""

    def get(self, request: HttpRequest) -> HttpResponse:
        shared = claims.shown(self.account, self.interaction.client, scopes=self.asked.scopes, requested=self.requested)
        return render(request, "franceconnect/consent.html", {"shared": shared, **self.frame()})

    @property
    def requested(self) -> dict[str, Any]:
        return self.asked.claims.get("userinfo", {})

    def post(self, request: HttpRequest) -> HttpResponse:
        someone = self.someone()
        if "refuse" in request.POST and not self.only_show:
            return self.decline(REFUSED)
        if self.only_show or someone is None or "allow" not in request.POST:
            return self.get(request)
        consents.give(self.account, self.interaction.client, wanted(self.asked), now=self.now)
        # prompt=consent asks for this page each time, and has just been answered.
        step = next_step(self.asked, someone, now=self.now)
        return self.finish(someone) if step in (None, Step.CONSENT) else self.show(step)


REFUSED = OAuthError("access_denied", "the member does not share this")
