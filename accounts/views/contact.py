"""Confirming contact details (E01 to E05), and the links that change an e-mail address."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts import codes, contact
from accounts.duties import Duty, next_duty
from accounts.fields.typography import counted
from accounts.forms.contact import ConfirmContactForm, EmailCodeForm
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.models import Account, Code
from accounts.sign_in import How
from accounts.throttling import TooManyAttempts
from accounts.views.pages import EVERYBODY, FormPage, MembersOnly


def numbers_of(account: Account) -> dict[str, Phone | None]:
    """The numbers as values, for a form."""
    held = {"mobile": account.mobile, "landline": account.landline, "fax": account.fax}
    return {name: Phone(number) if number else None for name, number in held.items()}


class ConfirmingPage(MembersOnly, FormPage):
    """A page of the second duty; who has done it goes on."""

    open_to = EVERYBODY

    def elsewhere(self) -> HttpResponse | None:
        return None if next_duty(self.account, self.how()) is Duty.CONFIRM else self.go("space")


class ConfirmContact(ConfirmingPage):
    """« Pour utiliser Mon espace privé MSA, vous devez confirmer vos coordonnées. »"""

    template_name = "accounts/confirm_contact.html"
    form_class = ConfirmContactForm

    def form_arguments(self) -> dict[str, Any]:
        return {"needs_email": bool(self.account.email_proven_at) or self.how() is How.FRANCECONNECT}

    def context(self) -> dict[str, Any]:
        return {"accepts_terms": not self.account.terms_version}

    def initial(self) -> dict[str, Any]:
        return {"email": Email(self.account.email) if self.account.email else None, **numbers_of(self.account)}

    def accept(self, form: ConfirmContactForm) -> HttpResponse:
        if contact.confirm(self.account, form.cleaned_data["email"], form.telephones(), now=self.now):
            return self.go("contact_confirmed")
        return self.go("confirm_email")


CODE_REFUSALS = {
    codes.Reason.EXPIRED: "Ce code n'est plus valable\u00a0: il l'est 15 minutes. Demandez un nouveau code.",
    codes.Reason.EXHAUSTED: "Ce code a été essayé trop de fois. Demandez un nouveau code.",
    codes.Reason.USED: "Ce code a déjà servi. Demandez un nouveau code.",
    codes.Reason.UNKNOWN: "Demandez un nouveau code.",
}


class ConfirmEmail(ConfirmingPage):
    """The six digits that prove the address (R8); another code, or on without it."""

    template_name = "accounts/confirm_email.html"
    form_class = EmailCodeForm

    def context(self) -> dict[str, Any]:
        return {"address": contact.address_being_proven(self.account), "may_skip": self.may_skip}

    @property
    def may_skip(self) -> bool:
        """Whom FranceConnect brought has typed nothing that we sent them: the mailbox is proven first (I13)."""
        return self.how() is not How.FRANCECONNECT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.only_show or not {"skip", "again"} & set(request.POST):
            return super().post(request, **kwargs)
        if "skip" in request.POST:
            if not self.may_skip:
                return self.go("confirm_email")
            contact.confirm_without_email(self.account, now=self.now)
            return self.go("contact_confirmed")
        return self.send_again()

    def send_again(self) -> HttpResponse:
        address = contact.address_being_proven(self.account)
        if not address:
            return self.go("confirm_contact")
        form = self.form_class()
        try:
            contact.send_email_code(self.account, address, now=self.now)
        except TooManyAttempts as limit:
            messages.warning(self.request, self.wait(limit))
            return self.page(form, status=429)
        messages.success(self.request, "Un nouveau code est parti. L'ancien ne sert plus.")
        return self.go("confirm_email")

    def accept(self, form: EmailCodeForm) -> HttpResponse:
        try:
            contact.prove_email(self.account, form.cleaned_data["code"], now=self.now)
        except codes.CodeRefused as refused:
            refusal = ValidationError(code_refusal(refused), code=f"code_{refused.reason}")
            raise ValidationError({"code": refusal}, code="code_refused") from None
        return self.go("contact_confirmed")


def code_refusal(refused: codes.CodeRefused) -> str:
    if refused.reason in CODE_REFUSALS:
        return CODE_REFUSALS[refused.reason]
    tries = counted(refused.tries_left, "essai")
    return f"Ce n'est pas le code de l'email le plus récent. Vérifiez les 6 chiffres. Il vous reste {tries}."


class EmailLink(View):
    """A page with one button: mail scanners follow links, they press nothing (R13)."""

    purpose: Code.Purpose = Code.Purpose.EMAIL_LINK
    template_name = "accounts/email_link.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.code = codes.find_link(self.purpose, kwargs["secret"], now=timezone.now())
            return super().dispatch(request, *args, **kwargs)
        except codes.CodeRefused as refused:
            context = {"reason": refused.reason, "kind": self.purpose}
            return render(request, "accounts/link_refused.html", context, status=410)

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return render(request, self.template_name, {"address": self.code.subject})

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        verb = contact.change_email if self.purpose == Code.Purpose.EMAIL_LINK else contact.undo_email_change
        verb(secret, now=timezone.now())
        return render(request, self.template_name, {"address": self.code.subject, "done": True})
