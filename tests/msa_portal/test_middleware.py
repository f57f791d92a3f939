"""What every answer carries, error pages included (house: CSP, HSTS, no-store, frame denial)."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from accounts.models import Entry
from accounts.throttling import SIGN_IN, TooManyAttempts
from msa_portal.middleware import GIVEN_ID
from msa_portal.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  the same ones
from tests.members import an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in

pytestmark = [pytest.mark.django_db]
PUBLIC = ["/", "/connexion/", "/inscription/profil/", "/aide/", "/conditions-generales/", "/mot-de-passe/oublie/"]
CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "form-action": "'self'",
}  # fmt: skip


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def waits(request: HttpRequest) -> HttpResponse:
    raise TooManyAttempts(SIGN_IN, 130)


urlpatterns = [*urlpatterns, path("breaks/", breaks), path("waits/", waits)]  # noqa: F811


def assert_safe(answer: HttpResponse) -> None:
    said = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip())
    assert CSP.items() <= said.items()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert GIVEN_ID.match(answer["X-Request-ID"])


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_are_safe_and_nobodys_to_keep(address: str) -> None:
    assert_safe(Client().get(address))


def test_private_pages_are_safe_and_nobodys_to_keep() -> None:
    an_account()
    caller = sign_in(Caller())
    for address in ("/mon-espace/", "/mon-compte/", "/mon-espace/paiements/", "/mon-compte/email/"):
        assert_safe(caller.visit(address).response)


@pytest.mark.urls("tests.msa_portal.test_middleware")
@pytest.mark.parametrize(
    ("address", "status"), [("/nothing/", 404), ("/breaks/", 500), ("/waits/", 429), ("/session/prolonger/", 405)]
)
def test_error_pages_are_as_safe(address: str, status: int) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get(address)
    assert answer.status_code == status
    assert_safe(answer)


def test_a_refused_form_is_as_safe() -> None:
    assert_safe(Client(enforce_csrf_checks=True).post("/deconnexion/"))


def test_no_page_has_a_style_or_script_of_its_own() -> None:
    """The policy would not run it anyway."""
    for address in PUBLIC:
        page = Client().get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page)


def test_a_wrong_host_is_refused_with_headers(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "evil.example" not in answer.content.decode()


def test_https_is_kept_for_two_years(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    assert Client().get("/", secure=True)["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("0123456789abcdef", True), ("3f2b8c1e-5a4d-4f6b-9c8d", True), ("short", False), ("x" * 33, False),
        ("a b c d e f g h", False), ("<script>alert", False), ("abcdefgh\n", False),
    ],
)  # fmt: skip
def test_our_proxys_name_for_the_request_is_taken(settings: Settings, given: str, taken: bool) -> None:
    settings.TRUSTED_PROXIES = 1
    answer = Client().get("/", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is taken


def test_nobody_else_names_a_request() -> None:
    """R20: a number put there would stand in the logs and in the journal."""
    assert Client().get("/", headers={"X-Request-ID": "x1630967482229"})["X-Request-ID"] != "x1630967482229"


def test_the_journal_knows_the_request_and_a_mark_of_the_network() -> None:
    an_account()
    sign_in(Caller("192.0.2.99"), "Faux-Mot-9")
    entry = Entry.objects.get(event="sign_in:refused")
    assert GIVEN_ID.match(entry.request_id)
    assert len(entry.network) == 16


@pytest.mark.urls("tests.msa_portal.test_middleware")
def test_a_limit_nobody_told_is_a_page_with_the_wait() -> None:
    """R12."""
    answer = Client().get("/waits/")
    assert answer["Retry-After"] == "130"
    assert "3\u00a0minutes" in answer.content.decode()


@pytest.mark.parametrize("cookie", ["session", "csrf", "navigateur"])
def test_no_script_reads_a_cookie_and_no_other_site_sends_it(cookie: str) -> None:
    an_account()
    held = sign_in(Caller()).client.cookies[cookie]
    assert (held["httponly"], held["samesite"], held["path"]) == (True, "Lax", "/")
    assert not held["domain"]
