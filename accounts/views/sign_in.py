"""Signing in and out (C01 to C07, C13), and staying signed in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import login_hint, member_session, visitor
from accounts.fields.typography import counted
from accounts.forms.access import CompanySignInForm, SignInForm
from accounts.middleware import EXPIRED
from accounts.models import Account, login_of
from accounts.sign_in import SignIn as SignedIn
from accounts.sign_in import SignInRefused, sign_in
from accounts.throttling import TooManyAttempts
from accounts.views.pages import FormPage, duration, own_page


class SignIn(FormPage):
    """« Se connecter à Mon espace privé »."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.only_show and (elsewhere := self.elsewhere()):
            return elsewhere
        return super().dispatch(request, *args, **kwargs)

    def elsewhere(self) -> HttpResponse | None:
        """Who is signed in already goes on; an agent has no space to go on to."""
        account = self.request.user
        return redirect(self.next_page()) if account.is_authenticated and account.kind != Account.Kind.AGENT else None

    def next_page(self) -> str:
        asked = self.request.POST.get("suite") or self.request.GET.get("suite") or ""
        return own_page(self.request, asked) or "accounts:space"

    def initial(self) -> dict[str, Any]:
        return {"login_id": login_hint.read(self.request.session)}

    def context(self) -> dict[str, Any]:
        asked = self.next_page()
        return {
            "ended": self.request.session.pop(EXPIRED, "") if EXPIRED in self.request.session else "",
            "suite": asked if asked.startswith("/") else "",
        }

    def accept(self, form: SignInForm) -> HttpResponse:
        here: visitor.Visitor = self.request.visitor  # type: ignore[attr-defined]
        login = login_of(form.cleaned_data["login_id"])
        try:
            done = sign_in(
                login, form.cleaned_data["password"], browser=here.browser, network=here.network, now=timezone.now()
            )
        except SignInRefused as refused:
            raise ValidationError(refusal(refused), code="refused") from None
        response = self.signed_in(done)
        visitor.remember(response, here)
        return response

    def signed_in(self, done: SignedIn) -> HttpResponse:
        after = self.next_page()
        member_session.open_session(self.request, done)
        return redirect(after)

    def wait(self, limit: TooManyAttempts) -> str:
        return (
            f"Pour protéger votre compte, attendez {duration(limit.retry_after)} avant de réessayer, ou choisissez "
            "«\u00a0J'ai oublié mon mot de passe\u00a0»."
        )


class CompanySignIn(SignIn):
    """« Je suis une entreprise »: the same door, where the identifier goes by its own name (R1)."""

    template_name = "accounts/company_sign_in.html"
    form_class = CompanySignInForm

    def initial(self) -> dict[str, Any]:
        """What another page has kept is a member's number."""
        return {}


def refusal(refused: SignInRefused) -> str:
    """The same whoever is unknown or mistaken; says what comes next."""
    start = "L'identifiant ou le mot de passe ne correspond pas."
    if not refused.tries_left:
        wait = f"Attendez {duration(refused.wait)} avant de réessayer"
        return f"{start} {wait}, ou choisissez «\u00a0J'ai oublié mon mot de passe\u00a0»."
    tries = counted(refused.tries_left, "essai")
    return f"{start} Il vous reste {tries} avant une attente d'une minute."


def sign_out(request: HttpRequest) -> HttpResponse:
    """C13: everything of the session goes; somebody who typed the address is asked first."""
    if request.method != "POST":
        signed_in = request.user.is_authenticated
        return render(request, "accounts/sign_out.html" if signed_in else "accounts/signed_out.html")
    elsewhere = member_session.sign_out(request, now=timezone.now())
    return redirect(elsewhere or "accounts:signed_out")


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """« Rester connecté »: the middleware has moved the clock; 401 when it was too late."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)
