"""Answers machines before anything is done that only pages need; lets a page's forms lead to FranceConnect."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from franceconnect.client import sign_out
from franceconnect.provider.views import documents, endpoints
from franceconnect.see_other import lets_forms_lead_to_franceconnect

Next = Callable[[HttpRequest], HttpResponse]


class Door:
    """Its addresses have no session, no policy for a page, no form token: only what makes HTTPS hold.

    They stand in provider/urls.py as well, for whom asks for an address by its name.
    """

    answers: ClassVar[Mapping[str, Any]]

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.answer: Any = SecurityMiddleware(lambda request: self.answers[request.path_info](request))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request) if request.path_info in self.answers else self.get_response(request)


class Documents(Door):
    """What anybody may read, several times for each sign-in (FI 23, FI 29)."""

    answers: ClassVar[Mapping[str, Any]] = {
        "/.well-known/openid-configuration": documents.discovery,
        "/oidc/jwks": documents.jwks,
        "/status": documents.status,
    }


class Endpoints(Door):
    """What clients call themselves: they prove who they are, or hold a token (FI 7, FI 22)."""

    answers: ClassVar[Mapping[str, Any]] = {
        "/oidc/token": endpoints.Token.as_view(),
        "/oidc/userinfo": endpoints.UserInfo.as_view(),
        "/oidc/revoke": endpoints.Revocation.as_view(),
    }


class WayOut:
    """« Se déconnecter » stands on every page, and leads to FranceConnect from a session that it opened (FS 17)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return lets_forms_lead_to_franceconnect(response) if sign_out.KEY in request.session else response
