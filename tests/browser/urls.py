"""The portal with the demonstration's pages, and addresses that fail on purpose, since no link leads to them."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.throttling import REQUESTS_NETWORK, TooManyAttempts
from msa_portal import urls

handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500 = urls.handler500


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def too_many(request: HttpRequest) -> HttpResponse:
    raise TooManyAttempts(REQUESTS_NETWORK, 240)


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


DEMO = () if settings.DEMO else (path("dev/", include("msa_portal.demo.urls")),)

urlpatterns = [
    *urls.urlpatterns,
    *DEMO,
    path("panne/403/", forbidden),
    path("panne/429/", too_many),
    path("panne/500/", broken),
]
