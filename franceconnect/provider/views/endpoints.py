"""The endpoints that clients call themselves: token, userinfo, revocation (RFC 6749, 3.2; Core, 5.3; RFC 7009)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views.mixins import OAuthLibMixin

from franceconnect.provider.checks import CONTROL

LONGEST_VALUE = 16_384  # a client's assertion; everything else is far shorter


@method_decorator(csrf_exempt, name="dispatch")
class Endpoint(OAuthLibMixin, View):
    """Refuses what no client sends before anything is looked up: a NUL would be the database's error, and a 500."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        values = [value for given in request.POST.lists() for value in given[1]] if request.method == "POST" else []
        if any(len(value) > LONGEST_VALUE or CONTROL.search(value) for value in values):
            return no_store(refusal("invalid_request", "A parameter is malformed or too long."))
        return no_store(super().dispatch(request, *args, **kwargs))


class Token(Endpoint):
    """One code for one token, or one clear refusal."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            _, headers, body, status = self.create_token_response(request)
        return HttpResponse(body, status=status, headers=headers)


class Revocation(Endpoint):
    """RFC 7009."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        _, headers, body, status = self.create_revocation_response(request)
        return HttpResponse(body or "", status=status, headers=headers)


class UserInfo(Endpoint):
    """Who the token speaks of, to whom it was given for."""

    http_method_names = ("get", "head", "post", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        _, headers, body, status = self.create_userinfo_response(request)
        return HttpResponse(body, status=status, headers=headers)

    post = get


def refusal(error: str, description: str) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": description}, status=400)


def no_store(response: Any) -> Any:
    """RFC 6749, 5.1."""
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response
