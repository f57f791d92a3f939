"""Answers machines before anything is done that only pages need."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from franceconnect.provider.views import documents, endpoints

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
