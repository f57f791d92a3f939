"""Answers the documents anybody may read before anything is done that only pages need."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from franceconnect.provider.views import documents

Next = Callable[[HttpRequest], HttpResponse]

# Where they stand in provider/urls.py as well, for whom asks for an address by its name.
DOCUMENTS = {
    "/.well-known/openid-configuration": documents.discovery,
    "/oidc/jwks": documents.jwks,
    "/status": documents.status,
}


class Documents:
    """No session, no policy for a page, no form token: only what makes HTTPS hold (FI 23, FI 29)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.answer = cast(Next, SecurityMiddleware(lambda request: DOCUMENTS[request.path_info](request)))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request) if request.path_info in DOCUMENTS else self.get_response(request)
