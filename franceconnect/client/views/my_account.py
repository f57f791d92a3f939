"""Associating one's account with FranceConnect and dissociating it, in Mon compte (G05, I14, FS 18, FS 20)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import member_session, own_password, visitor
from accounts.forms.access import NewPasswordForm, PlainForm
from accounts.views.my_account import Block
from accounts.views.space import private_context
from franceconnect.client import linking, relying_party, sign_out
from franceconnect.client.forms import AssociateForm
from franceconnect.client.relying_party import ReturnedWithProblem
from franceconnect.client.views.problem import lead_to
from franceconnect.models import RoundTrip
from franceconnect.see_other import SeeOther, lets_forms_lead_to_franceconnect


class Associate(Block):
    """« associer mon compte FranceConnect »: the password again, then to FranceConnect."""

    template_name = "franceconnect/client/associate.html"
    form_class = AssociateForm
    asks_password = True

    def elsewhere(self) -> HttpResponse | None:
        if linking.is_linked(self.account):
            messages.info(self.request, "Votre compte MSA est déjà associé avec votre compte FranceConnect.")
            return redirect("accounts:account")
        return super().elsewhere()

    def context(self) -> dict[str, Any]:
        return private_context(self)

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return lets_forms_lead_to_franceconnect(super().page(form, status))

    def accept(self, form: AssociateForm) -> HttpResponse:
        self.check_password(form.cleaned_data["password"])
        here: visitor.Visitor = self.request.visitor  # type: ignore[attr-defined]
        try:
            address = relying_party.begin(
                RoundTrip.Purpose.ASSOCIATE,
                browser=here.browser,
                network=here.network,
                account=self.account,
                now=self.now,
            )
        except ReturnedWithProblem as refused:
            return lead_to(self.request, refused.slug, refused.code)
        response = SeeOther(address)
        visitor.recognise(response, here, self.request)
        return response


class Dissociate(Block):
    """« dissocier mon compte FranceConnect »: asks first; who has no password chooses one in the same movement."""

    template_name = "franceconnect/client/dissociate.html"

    @property
    def form_class(self) -> type[forms.Form]:  # type: ignore[override]
        return PlainForm if self.account.has_usable_password() else NewPasswordForm

    def form_arguments(self) -> dict[str, Any]:
        return {} if self.account.has_usable_password() else {"account": self.account}

    def elsewhere(self) -> HttpResponse | None:
        """Who sits down at an open session gives the member no first password (FS 20)."""
        if not linking.is_linked(self.account):
            return redirect("accounts:account")
        if self.account.has_usable_password() or member_session.is_fresh(self.request, now=self.now):
            return None
        return render(self.request, self.template_name, {"reconnect": True, **private_context(self)})

    def context(self) -> dict[str, Any]:
        return {"chooses_password": not self.account.has_usable_password(), **private_context(self)}

    def accept(self, form: Any) -> HttpResponse:
        here: visitor.Visitor = self.request.visitor  # type: ignore[attr-defined]
        if self.account.has_usable_password():
            if linking.unlink(self.account, now=self.now):
                member_session.goes_on(self.request, self.account)
        elif not self.chooses_first(form.cleaned_data["new_password1"], here):
            # Chosen meanwhile in another tab: asked again, without a password this time.
            return redirect("franceconnect:dissociate")
        return self.leave_franceconnect(here)

    def chooses_first(self, password: str, here: visitor.Visitor) -> bool:
        try:
            linking.unlink_with_first_password(self.account, password, browser=here.browser, now=self.now)
        except own_password.NothingToPersonalise:
            return False
        member_session.password_chosen(self.request, self.account)
        return True

    def leave_franceconnect(self, here: visitor.Visitor) -> HttpResponse:
        """FS 18: FranceConnect's session ends as well; the portal's goes on."""
        messages.success(self.request, "Votre compte MSA n'est plus associé avec votre compte FranceConnect.")
        address = sign_out.take_out(self.request.session, browser=here.browser, now=self.now)
        return SeeOther(address) if address else redirect("accounts:account")
