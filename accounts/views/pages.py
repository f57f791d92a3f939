"""What the member's form pages share: they keep what was typed, answer waits in words, open to members only."""

import math
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts import member_session
from accounts.models import Account, Member
from accounts.sign_in import How
from accounts.throttling import TooManyAttempts

STALE = (
    "Cette page est restée ouverte trop longtemps. Vos réponses sont encore là\u00a0: vérifiez-les, puis validez de "
    "nouveau."
)


def duration(seconds: int) -> str:
    """« une minute », « 2 minutes », « 24 heures »."""
    minutes = math.ceil(seconds / 60)
    if minutes > 120:
        return f"{math.ceil(minutes / 60)}\u00a0heures"
    return "une minute" if minutes <= 1 else f"{minutes}\u00a0minutes"


def own_page(request: HttpRequest, asked: str) -> str:
    """The page that somebody wants to go on to, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if asked.startswith("/") and ours else ""


EVERYBODY = frozenset({Account.Kind.MEMBER, Account.Kind.COMPANY})


class FormPage(View):
    """Shows a form; takes a valid answer in `accept`, which returns where to go next."""

    template_name: ClassVar[str]
    form_class: ClassVar[type[forms.Form]]
    # Set by the CSRF page: show the form again with what was typed, take nothing.
    only_show = False

    def initial(self) -> dict[str, Any]:
        return {}

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        return {}

    def accept(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def wait(self, limit: TooManyAttempts) -> str:
        return f"Pour protéger votre compte, attendez {duration(limit.retry_after)} avant de réessayer."

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form_class(initial=self.initial(), **self.form_arguments()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, initial=self.initial(), **self.form_arguments())
        if self.only_show:
            form.is_valid()
            form.add_error(None, ValidationError(STALE, code="stale"))
            return self.page(form, status=403)
        if not form.is_valid():
            return self.page(form)
        try:
            return self.accept(form)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.page(form)
        except TooManyAttempts as limit:
            form.add_error(None, ValidationError(self.wait(limit), code="too_many_attempts"))
            response = self.page(form, status=429)
            response["Retry-After"] = str(limit.retry_after)
            return response

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, {"form": form, **self.context()}, status=status)


class MembersOnly(View):
    """Leads who is not signed in to the sign-in page, and back afterwards; who belongs elsewhere, there.

    A page of this kind may stand in another frame (a service's request): that frame says who is signed in and where
    each page lies.
    """

    # Whose page it is; a page for companies as well reads no member.
    open_to: ClassVar[frozenset[Account.Kind]] = frozenset({Account.Kind.MEMBER})
    # Where a company goes that comes here all the same (R1).
    company_page: ClassVar[str] = "company_space"
    account: Account
    member: Member

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.now = timezone.now()
        account = self.signed_in()
        if account is None or account.kind == Account.Kind.AGENT:
            return self.ask_to_sign_in()
        if account.kind not in self.open_to:
            return self.not_theirs(account)
        self.account = account
        if account.member:
            self.member = account.member
        return self.elsewhere() or super().dispatch(request, *args, **kwargs)

    def not_theirs(self, account: Account) -> HttpResponse:
        """A company has pages of its own, and so has a member."""
        return redirect(f"accounts:{self.company_page if account.kind == Account.Kind.COMPANY else 'space'}")

    def signed_in(self) -> Account | None:
        return self.request.user if self.request.user.is_authenticated else None

    def how(self) -> How | None:
        return member_session.how(self.request)

    def ask_to_sign_in(self) -> HttpResponse:
        return redirect_to_login(self.request.path, redirect_field_name="suite")

    def elsewhere(self) -> HttpResponse | None:
        """Where this member has to be instead, if anywhere."""
        return None

    def go(self, page: str) -> HttpResponse:
        return redirect(f"accounts:{page}")
