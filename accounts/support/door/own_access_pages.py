"""« Mon accès »: an agent changes their own password, telephone and codes on paper (issue 5, no. 1)."""

from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import member_session
from accounts.forms.access import password_field
from accounts.models import Account, Authenticator
from accounts.support.desk import site
from accounts.support.door import carried, own_access, second_factor
from accounts.support.door.forms import ChoosePasswordForm, CodeForm, code_field
from accounts.support.door.own_access import AccessRefused, At, BeginAgain, NewPhone
from accounts.support.door.setting_up import CodeDoesNotFit
from accounts.support.door.views import what_next
from accounts.support.roles import May
from accounts.throttling import TooManyAttempts
from accounts.views.pages import FormPage, duration

WHAT = May.KEEP_OWN_ACCESS
NEW_PHONE = "new_phone"
TITLE = "Mon accès"
REFUSED = {
    At.PASSWORD: "Ce n'est pas votre mot de passe actuel.",
    At.CODE: "Ce code ne correspond pas, ou il a déjà servi. Attendez que votre application en affiche un autre.",
}
BEGIN_AGAIN = "Cette page a attendu trop longtemps, ou votre accès a changé entre-temps. Recommencez ici."
NEW_CODE_REFUSED = (
    "Ce code ne correspond pas. Vérifiez l'heure de votre téléphone, puis tapez le code affiché maintenant."
)


class ChangePasswordForm(ChoosePasswordForm):
    """The present one and a code, then the new one twice."""

    old_password = password_field("Mot de passe actuel", autocomplete="current-password")
    code = CodeForm.base_fields["code"]
    new_password1 = password_field("Nouveau mot de passe", autocomplete="new-password")
    new_password2 = password_field("Confirmer le nouveau mot de passe", autocomplete="new-password")

    field_order = ("old_password", "code", "new_password1", "new_password2")

    def refusals(self, new: str) -> list[ValidationError]:
        return own_access.refusals(new, self.account, old=self.cleaned_data.get("old_password", ""))


class FormerCodeForm(CodeForm):
    """A code of the former telephone; one on paper if it is lost."""

    code = code_field(
        "Code à 6 chiffres, ou code de secours",
        "Celui de votre téléphone actuel. Vous ne l'avez plus\u00a0? L'un des codes que vous avez notés.",
    )


class OwnPage(FormPage):
    """Answers a refused proof in words, and leads back to the beginning what no longer counts."""

    title: ClassVar[str]
    template_name = "support/own_access_form.html"
    form_class: ClassVar[type[Form]] = CodeForm
    # Which field each proof is typed in.
    field_of: ClassVar[dict[At, str]] = {At.CODE: "code"}

    @property
    def account(self) -> Account:
        return cast(Account, self.request.user)

    def context(self) -> dict[str, Any]:
        return {**site.each_context(self.request), "title": self.title, "place": TITLE}

    def wait(self, limit: TooManyAttempts) -> str:
        return f"Pour protéger votre accès, attendez {duration(limit.retry_after)} avant de réessayer."

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except BeginAgain:
            return self.begin_again()

    def begin_again(self) -> HttpResponse:
        self.request.session.pop(NEW_PHONE, None)
        messages.info(self.request, BEGIN_AGAIN)
        return redirect("admin:own_access")

    def accept(self, form: Any) -> HttpResponse:
        try:
            return self.proven(form)
        except AccessRefused as refused:
            said = f"{REFUSED[refused.at]} {what_next(refused)}"
            raise ValidationError({self.field_of[refused.at]: [ValidationError(said, code="refused")]}) from None

    def proven(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def stays(self) -> None:
        """What has just ended this agent's sessions leaves this one open, under a new number."""
        member_session.goes_on(self.request, self.account)

    def codes_shown(self, issued: list[str], lead: str) -> HttpResponse:
        """In this answer only."""
        known = {**self.context(), "title": "Vos codes de secours", "codes": issued, "lead": lead}
        return TemplateResponse(self.request, "support/own_codes.html", known)


@site.page("mon-acces/", name="own_access", what=WHAT)
@require_safe
def own_access_page(request: HttpRequest) -> HttpResponse:
    """What there is, and the three things that may be changed."""
    account = cast(Account, request.user)
    left = second_factor.recovery_codes_left(account, now=timezone.now())
    phone = Authenticator.objects.filter(user=account).first()
    known = {**site.each_context(request), "title": TITLE, "codes_left": left, "phone": phone}
    return TemplateResponse(request, "support/own_access.html", known)


class ChangePassword(OwnPage):
    """« Changer mon mot de passe »."""

    title = "Changer mon mot de passe"
    template_name = "support/own_password.html"
    form_class = ChangePasswordForm
    field_of: ClassVar[dict[At, str]] = {At.PASSWORD: "old_password", At.CODE: "code"}

    def form_arguments(self) -> dict[str, Any]:
        return {"account": self.account}

    def proven(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        typed = {"old": given["old_password"], "code": given["code"]}
        browser = self.request.visitor.browser  # type: ignore[attr-defined]
        own_access.change_password(self.account, given["new_password1"], **typed, browser=browser, now=timezone.now())
        self.stays()
        messages.success(self.request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
        return redirect("admin:own_access")


class RenewCodes(OwnPage):
    """« Renouveler mes codes de secours »; the answer shows them, this once."""

    title = "Renouveler mes codes de secours"
    template_name = "support/own_codes_form.html"

    def proven(self, form: Any) -> HttpResponse:
        issued = own_access.renew_codes(self.account, code=form.cleaned_data["code"], now=timezone.now())
        return self.codes_shown(issued, "Les codes d'avant ne servent plus.")


class BeginPhone(OwnPage):
    """« Relier un autre téléphone », étape 1 sur 2."""

    title = "Relier un autre téléphone"
    template_name = "support/own_phone.html"
    form_class = FormerCodeForm

    def proven(self, form: Any) -> HttpResponse:
        begun = own_access.begin_phone(self.account, code=form.cleaned_data["code"], now=timezone.now())
        carried.keep(self.request.session, NEW_PHONE, begun.told)
        return redirect("admin:own_phone_new")


class ConnectPhone(OwnPage):
    """Étape 2 sur 2: what the new one shows."""

    title = "Relier un autre téléphone"
    template_name = "support/own_phone_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        told = carried.read(request.session, NEW_PHONE)
        if told is None:
            return redirect("admin:own_phone")
        self.begun = NewPhone.of(told)
        if not self.begun.still_counts(self.account, now=timezone.now()):
            return self.begin_again()
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        seed = self.begun.seed
        return {**super().context(), "picture": seed.picture(self.account.email or ""), "seed": seed.grouped}

    def proven(self, form: Any) -> HttpResponse:
        try:
            issued = own_access.connect_phone(
                self.account, self.begun, code=form.cleaned_data["code"], now=timezone.now()
            )
        except CodeDoesNotFit:
            raise ValidationError({"code": [ValidationError(NEW_CODE_REFUSED, code="refused")]}) from None
        del self.request.session[NEW_PHONE]
        self.stays()
        lead = "Votre nouveau téléphone est relié. L'ancien et les codes d'avant ne servent plus."
        return self.codes_shown(issued, lead)


site.page("mon-acces/mot-de-passe/", name="own_password", what=WHAT)(ChangePassword.as_view())
site.page("mon-acces/codes/", name="own_codes", what=WHAT)(RenewCodes.as_view())
site.page("mon-acces/telephone/", name="own_phone", what=WHAT)(BeginPhone.as_view())
site.page("mon-acces/telephone/nouveau/", name="own_phone_new", what=WHAT)(ConnectPhone.as_view())
