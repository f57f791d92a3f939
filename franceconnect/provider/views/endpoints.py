"""The endpoints that clients call themselves: token, userinfo, revocation (RFC 6749, 3.2; Core, 5.3; RFC 7009)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views.mixins import OAuthLibMixin

from franceconnect.provider.checks import CONTROL
from franceconnect.provider.client_keys import KeysUnavailable

LONGEST_VALUE = 16_384  # a client's assertion; everything else is far shorter


@method_decorator(csrf_exempt, name="dispatch")
class Endpoint(OAuthLibMixin, View):
    """Refuses what no client sends before anything is looked up: a NUL would be the database's error, and a 500.

    No transaction around it: what has to hold together is one statement each (grants), and a client's keys may have
    to be fetched on the way.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = refusal_of(request) or super().dispatch(request, *args, **kwargs)
        except KeysUnavailable:
            response = refusal("temporarily_unavailable", "The client's keys cannot be had.", status=503)
        # RFC 6749, 5.1.
        response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
        return response

    def answer(self, given: tuple[Any, dict[str, str], str | None, int]) -> HttpResponse:
        _, headers, body, status = given
        response = HttpResponse(body or "", status=status, headers={"Content-Type": "application/json", **headers})
        if status == 401 and '"invalid_client"' in (body or ""):
            # oauthlib names the scheme of tokens; a client that failed to prove itself is asked for its secret (5.2).
            response["WWW-Authenticate"] = 'Basic realm="oidc"'
        return response


class Token(Endpoint):
    """One code for one token, or one clear refusal."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.create_token_response(request))


class Revocation(Endpoint):
    """RFC 7009."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.create_revocation_response(request))


class UserInfo(Endpoint):
    """Who the token speaks of, to whom it was given for."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        if "access_token" in request.GET:
            # RFC 9700, 4.3.2: addresses are written into logs.
            return refusal("invalid_request", "The access token must not be in the address.")
        if "Authorization" in request.headers and "access_token" in request.POST:
            # RFC 6750, 2: in one way at a time.
            return refusal("invalid_request", "The access token comes in two ways.")
        return self.answer(self.create_userinfo_response(request))

    post = get


def refusal_of(request: HttpRequest) -> HttpResponse | None:
    """RFC 6749, 3.2: no parameter twice, and none that nobody sends."""
    if request.method != "POST":
        return None
    for values in dict(request.POST.lists()).values():
        if len(values) > 1 or any(len(str(value)) > LONGEST_VALUE or CONTROL.search(str(value)) for value in values):
            return refusal("invalid_request", "A parameter is repeated, malformed or too long.")
    return None


def refusal(error: str, description: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)
