"""The agents' door and their first sign-in: the pages of the desk that are there for everybody."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import codes, member_session, throttling, visitor
from accounts.fields.typography import counted
from accounts.middleware import EXPIRED_AT_DESK
from accounts.models import Account
from accounts.sign_in import How, SignInRefused
from accounts.support.door import carried, entering, setting_up
from accounts.support.door.forms import ChoosePasswordForm, CodeForm, DoorForm, RecoveryForm
from accounts.views.pages import FormPage, duration

TITLE = "MSA\u00a0: assistance"
HALF_WAY, SET_UP = "half_way", "set_up"
BEGIN_AGAIN = "Votre connexion a attendu trop longtemps ou a déjà servi. Tapez de nouveau votre mot de passe."
CLOSED = {
    "idle": "Rien n'a bougé ici pendant 30 minutes\u00a0: nous avons fermé votre session. Connectez-vous de nouveau.",
    "too_long": "Votre session était ouverte depuis 10 heures\u00a0: nous l'avons fermée. Connectez-vous de nouveau.",
}


class DoorPage(FormPage):
    """In the coat of the desk."""

    title: str

    @property
    def here(self) -> visitor.Visitor:
        return self.request.visitor  # type: ignore[attr-defined]

    def context(self) -> dict[str, Any]:
        return {"title": self.title, "site_header": TITLE, "site_title": TITLE}


class Door(DoorPage):
    """E-mail and password. Who is in already goes on; a member who was signed in here is signed out."""

    template_name = "support/door.html"
    form_class = DoorForm
    title = "Connexion des conseillers"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and member_session.how(request) is How.AGENT:
            return redirect("admin:index")
        if EXPIRED_AT_DESK in request.session:
            messages.info(request, CLOSED[request.session.pop(EXPIRED_AT_DESK)])
        return super().get(request, **kwargs)

    def accept(self, form: DoorForm) -> HttpResponse:
        now, given = timezone.now(), form.cleaned_data
        try:
            secret = entering.check_password(
                given["email"].address,
                given["password"],
                browser=self.here.browser,
                network=self.here.network,
                now=now,
            )
        except SignInRefused as refused:
            said = "L'adresse e-mail ou le mot de passe ne correspond pas."
            raise ValidationError(f"{said} {what_next(refused)}", code="refused") from None
        member_session.close_session(self.request, reason="agents_door", now=now)
        carried.keep(self.request.session, HALF_WAY, {"secret": secret})
        response = redirect("admin:door_code")
        visitor.recognise(response, self.here, self.request)
        return response

    def wait(self, limit: throttling.TooManyAttempts) -> str:
        return f"Pour protéger l'assistance, attendez {duration(limit.retry_after)} avant de réessayer."


class TypeCode(DoorPage):
    """The code that the telephone shows. Without the first half there is nothing to type here."""

    template_name = "support/door_code.html"
    form_class: ClassVar[type[Form]] = CodeForm
    title = "Code de votre téléphone"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.half_way = (carried.read(request.session, HALF_WAY) or {}).get("secret", "")
        try:
            entering.first_half(self.half_way, browser=self.here.browser, now=timezone.now())
        except entering.DoorClosed:
            return self.begin_again()
        return super().dispatch(request, *args, **kwargs)

    def accept(self, form: CodeForm | RecoveryForm) -> HttpResponse:
        typed, now = form.cleaned_data["code"], timezone.now()
        try:
            done = entering.check_code(self.half_way, typed, browser=self.here.browser, now=now)
        except entering.DoorClosed:
            return self.begin_again()
        except SignInRefused as refused:
            raise ValidationError(f"{self.refusal} {what_next(refused)}", code="refused") from None
        member_session.open_session(self.request, done)
        response = redirect("admin:index")
        visitor.remember(response, self.here)
        return response

    refusal = "Ce code ne correspond pas, ou il a déjà servi. Attendez que votre application en affiche un autre."

    def begin_again(self) -> HttpResponse:
        if HALF_WAY in self.request.session:
            del self.request.session[HALF_WAY]
            messages.info(self.request, BEGIN_AGAIN)
        return redirect("admin:door")


class TypeRecoveryCode(TypeCode):
    """« Je n'ai pas mon téléphone »."""

    template_name = "support/door_recovery.html"
    form_class = RecoveryForm
    title = "Code de secours"
    refusal = (
        "Ce code ne correspond pas, ou il a déjà servi. Vérifiez chaque lettre, ou prenez le suivant de votre liste."
    )


def what_next(refused: SignInRefused) -> str:
    if not refused.tries_left:
        return f"Attendez {duration(refused.wait)} avant de réessayer."
    return f"Il vous reste {counted(refused.tries_left, 'essai')} avant une attente d'une minute."


def sign_out(request: HttpRequest) -> HttpResponse:
    """« Se déconnecter »: by its button only; whoever types the address is at the door."""
    if request.method == "POST" and request.user.is_authenticated:
        member_session.close_session(request, reason="asked", now=timezone.now())
        messages.success(request, "Vous êtes déconnecté de l'assistance.")
    return redirect("admin:door")


class SetUpPage(DoorPage):
    """Behind the link of the mail: following it does nothing, sending the form does (R13)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.secret = kwargs["secret"]
        try:
            self.account: Account = setting_up.account_of(self.secret, now=timezone.now())
        except codes.CodeRefused as refused:
            return self.refused(refused)
        return super().dispatch(request, *args, **kwargs)

    def refused(self, refused: codes.CodeRefused) -> HttpResponse:
        known = {**super().context(), "title": "Ce lien ne sert plus", "reason": refused.reason}
        return render(self.request, "support/set_up_refused.html", known, status=410)


class ChoosePassword(SetUpPage):
    """Étape 1 sur 2."""

    template_name = "support/set_up.html"
    form_class = ChoosePasswordForm
    title = "Votre première connexion"

    def form_arguments(self) -> dict[str, Any]:
        return {"account": self.account}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "account": self.account}

    def accept(self, form: ChoosePasswordForm) -> HttpResponse:
        begun = setting_up.Begun.now(self.secret, form.cleaned_data["new_password1"])
        self.request.session.cycle_key()
        carried.keep(self.request.session, SET_UP, begun.told)
        return redirect("admin:set_up_phone", self.secret)


class ConnectPhone(SetUpPage):
    """Étape 2 sur 2; the answer to its form shows the recovery codes, this once."""

    template_name = "support/set_up_phone.html"
    form_class = CodeForm
    title = "Votre téléphone"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        told = carried.read(request.session, SET_UP)
        if told is None or told["secret"] != kwargs["secret"]:
            return redirect("admin:set_up", kwargs["secret"])
        self.begun = setting_up.Begun.of(told)
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        seed = self.begun.seed
        return {**super().context(), "picture": seed.picture(self.account.email or ""), "seed": seed.grouped}

    def accept(self, form: CodeForm) -> HttpResponse:
        try:
            issued = setting_up.complete(self.begun, form.cleaned_data["code"], now=timezone.now())
        except setting_up.CodeDoesNotFit:
            told = (
                "Ce code ne correspond pas. Vérifiez l'heure de votre téléphone, puis tapez le code affiché maintenant."
            )
            raise ValidationError(told, code="refused") from None
        except codes.CodeRefused as refused:
            return self.refused(refused)
        del self.request.session[SET_UP]
        known = {**super().context(), "title": "Vos codes de secours", "codes": issued}
        return render(self.request, "support/recovery_codes.html", known)
