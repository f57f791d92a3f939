"""RP-Initiated Logout 1.0: a client sends its member here to sign out, and has them back (FI 24)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from accounts import member_session
from accounts.models import Account
from franceconnect import clients, subject
from franceconnect.models import Client
from franceconnect.provider import checks, grants, tokens
from franceconnect.see_other import SeeOther, as_get, csp_source

KNOWN = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales")


@dataclass(frozen=True)
class Asked:
    """What the client wants; without a hint nobody is named by `sub` and `sign_in`, and perhaps no `client`."""

    client: Client | None
    sub: str
    sign_in: str
    return_to: str

    def is_about(self, account: Account) -> bool:
        return self.client is not None and self.sub == subject.of(account, self.client)


class LogoutRefused(Exception):
    """Unknown client, hint or address: a page, never a redirect."""


def read(query: QueryDict) -> Asked:
    """Raises LogoutRefused."""
    given = {name: query.get(name, "") for name in KNOWN}
    if not all(checks.is_clean(name, value) for name, value in given.items()):
        raise LogoutRefused
    hint = _hint(given["id_token_hint"])
    client_id = given["client_id"] or str(hint.get("aud", ""))
    client = clients.find(client_id)
    if (client_id and client is None) or (hint and hint.get("aud") != client_id):
        raise LogoutRefused
    uri = given["post_logout_redirect_uri"]
    if uri and (client is None or not client.post_logout_redirect_uri_allowed(uri)):
        raise LogoutRefused
    if uri and given["state"]:
        uri += f"{'&' if '?' in uri else '?'}{urlencode({'state': given['state']}, quote_via=quote)}"
    return Asked(client, str(hint.get("sub", "")), str(hint.get("jti", "")), uri)


def _hint(token: str) -> dict[str, Any]:
    """The claims of an id_token of ours, long expired or not, of any key we ever had."""
    claims = tokens.read_id_token(token) if token else {}
    if claims is None:
        raise LogoutRefused
    return claims


@method_decorator(csrf_exempt, name="dispatch")
class Logout(View):
    """GET and POST alike. With a hint that speaks of whoever is signed in, at once; otherwise the member is asked."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.log_out(request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Becomes a GET: a form sent from another site brings no cookies along."""
        given = request.POST.copy()
        # It may be a NIR, and is not put into an address by us (R20).
        given.pop("logout_hint", None)
        return as_get(request.path, given) or refuse(request)

    def log_out(self, query: QueryDict) -> HttpResponse:
        request, now = self.request, timezone.now()
        try:
            asked = read(query)
        except LogoutRefused:
            return refuse(request)
        account: Any = request.user
        if asked.client is not None and asked.client.is_federation:
            # Its session ended with the redirect; the portal's own is nothing of FranceConnect's (R15).
            grants.revoke_up_to(asked.sign_in, asked.client, now=now)
            return leave(asked)
        if not account.is_authenticated:
            if asked.client is not None:
                grants.revoke_up_to(asked.sign_in, asked.client, now=now)
            return leave(asked)
        if not asked.is_about(account):
            page: Any = render(request, "franceconnect/logout.html", {"asked": asked, "query": self.kept(query)})
            if asked.return_to:
                page._csp_update = {"form-action": csp_source(asked.return_to)}
            return page
        assert asked.client is not None
        grants.revoke_all(account, asked.client, now=now)
        member_session.close_session(request, reason="client", now=now)
        return leave(asked)

    def kept(self, query: QueryDict) -> dict[str, str]:
        return {name: str(query[name]) for name in KNOWN if query.get(name)}


def refuse(request: HttpRequest) -> HttpResponse:
    """Never a redirect."""
    return render(request, "franceconnect/logout_refused.html", status=400)


def leave(asked: Asked) -> HttpResponse:
    """Back to the client, or to our own good-bye."""
    if not asked.return_to:
        return redirect("accounts:signed_out")
    return SeeOther(asked.return_to)


class ConfirmLogout(View):
    """The member's own yes, sent from our page."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            asked = read(request.POST)
        except LogoutRefused:
            return refuse(request)
        now = timezone.now()
        if request.user.is_authenticated:
            if asked.client is not None:
                grants.revoke_all(request.user, asked.client, now=now)
            member_session.close_session(request, reason="client", now=now)
        return leave(asked)
