"""Forgotten, temporary, changed: the pages around the password (D01 to D10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import access, codes, login_hint, member_session, own_password, passwords, throttling, visitor
from accounts.duties import Duty, next_duty
from accounts.forms.access import ForgottenPasswordForm, NewPasswordForm
from accounts.models import Code, login_of
from accounts.views.pages import EVERYBODY, FormPage, MembersOnly


class ForgottenPassword(FormPage):
    """D09: asks for the identifier; the answer is the same for everybody."""

    template_name = "accounts/forgotten_password.html"
    form_class = ForgottenPasswordForm

    def initial(self) -> dict[str, Any]:
        return {"login_id": login_hint.read(self.request.session)}

    def accept(self, form: ForgottenPasswordForm) -> HttpResponse:
        now, login = timezone.now(), login_of(form.cleaned_data["login_id"])
        network = self.request.visitor.network  # type: ignore[attr-defined]
        throttling.take((throttling.PASSWORD_RESET_NETWORK, network), now=now)
        try:
            whose = access.whose_limits(login)
            here = (throttling.PASSWORD_RESET, f"{whose}:{network}")
            throttling.take(here, (throttling.PASSWORD_RESET_NIR, whose), now=now)
        except throttling.TooManyAttempts:
            # Enough was sent to this member; whoever asks is told what everybody is told.
            return redirect("accounts:forgotten_password_asked")
        access.ask_for_new_password(login, now=now)
        return redirect("accounts:forgotten_password_asked")


class ResetPassword(FormPage):
    """The page behind the link of the mail: following it does nothing, sending the form does (R13)."""

    template_name = "accounts/reset_password.html"
    form_class = NewPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.secret = kwargs["secret"]
        try:
            self.code = codes.find_link(Code.Purpose.PASSWORD_RESET, self.secret, now=timezone.now())
        except codes.CodeRefused as refused:
            return render(
                request, "accounts/link_refused.html", {"reason": refused.reason, "kind": "reset"}, status=410
            )
        return super().dispatch(request, *args, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        return {"account": self.code.account}

    def accept(self, form: NewPasswordForm) -> HttpResponse:
        here: visitor.Visitor = self.request.visitor  # type: ignore[attr-defined]
        try:
            password = form.cleaned_data["new_password1"]
            own_password.reset(self.secret, password, browser=here.browser, now=timezone.now())
        except codes.CodeRefused as refused:
            context = {"reason": refused.reason, "kind": "reset"}
            return render(self.request, "accounts/link_refused.html", context, status=410)
        response = redirect("accounts:password_reset")
        visitor.remember(response, here)
        return response


class PersonalisePassword(MembersOnly, FormPage):
    """D01 to D06: « Votre mot de passe est temporaire. Vous devez le personnaliser. »"""

    template_name = "accounts/personalise_password.html"
    form_class = NewPasswordForm
    open_to = EVERYBODY

    def elsewhere(self) -> HttpResponse | None:
        return None if next_duty(self.account, self.how()) is Duty.PERSONALISE else self.go("space")

    def form_arguments(self) -> dict[str, Any]:
        return {"account": self.account}

    def context(self) -> dict[str, Any]:
        return {"is_due": self.account.password_due_at is not None}

    def accept(self, form: NewPasswordForm) -> HttpResponse:
        browser = self.request.visitor.browser  # type: ignore[attr-defined]
        try:
            own_password.personalise(
                self.account, form.cleaned_data["new_password1"], how=self.how(), browser=browser, now=self.now
            )
        except own_password.NothingToPersonalise:
            return self.superseded()
        self.password_chosen()
        return self.go("password_personalised")

    def superseded(self) -> HttpResponse:
        """The password was personalised elsewhere meanwhile."""
        member_session.close_session(self.request, reason="superseded", now=self.now)
        return self.go("sign_in")

    def password_chosen(self) -> None:
        member_session.password_chosen(self.request, self.account)


@require_POST
def password_strength(request: HttpRequest) -> HttpResponse:
    """The gauge while typing: the same judge as the form's (D05)."""
    network = request.visitor.network  # type: ignore[attr-defined]
    try:
        throttling.take((throttling.STRENGTH_CHECKS, network), now=timezone.now())
    except throttling.TooManyAttempts as limit:
        return JsonResponse({}, status=429, headers={"Retry-After": str(limit.retry_after)})
    personal = passwords.personal_words(request.user) if request.user.is_authenticated else ()
    judged = passwords.judge(request.POST.get("password", "")[:200], personal=personal)
    missing = [passwords.REFUSALS[code] for code in judged.missing]
    return JsonResponse(
        {"level": judged.level, "advice": list(judged.advice), "missing": missing, "accepted": judged.accepted}
    )
