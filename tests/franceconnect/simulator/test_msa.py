"""The hub as a client of a provider that misbehaves, one way at a time: which code it ends with (A3 to A8)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.franceconnect.simulator.false_msa import CLIENT, FalseMsa, false_msa
from tests.simulator import HUB_CLIENT_SECRET, Simulator, free_port
from tests.stories.between_sites import Wanderer

DROITS = "/services/mes-droits-sociaux/"
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def msa(simulator: Simulator) -> Iterator[FalseMsa]:
    with false_msa() as provider:
        simulator.turn(portal_url=provider.url)
        yield provider


@pytest.fixture
def caller(simulator: Simulator, msa: FalseMsa) -> Wanderer:
    """Sent to MSA, whose sign-in page nobody plays here; `asked` is what MSA was asked."""
    return Wanderer(simulator.url).visit(DROITS).follow("S'identifier avec").press("MSA")


def come_back(caller: Wanderer, msa: FalseMsa, **said: str | None) -> Wanderer:
    """As if its visitor had signed in there."""
    asked = dict(parse_qsl(urlsplit(caller.address).query))
    msa.nonce = asked["nonce"]
    given = {"code": "a-code", "state": asked["state"], **said}
    told = {name: value for name, value in given.items() if value is not None}
    return caller.visit(f"{asked['redirect_uri']}?{urlencode(told)}")


def code_of(caller: Wanderer) -> tuple[str, int]:
    codes = [word for word in caller.text.replace(".", " ").split() if word.startswith("Y") and word[1:].isalnum()]
    assert len(codes) == 1, caller.text
    return codes[0], caller.response.status_code


def test_a_provider_that_behaves_signs_its_visitor_in(caller, msa):
    """A3: one form with the secret in it, then the token as a bearer; discovery and keys anew at each step."""
    come_back(caller, msa).sees("Bienvenue Loïc")
    (token,) = (asked for path, asked, _ in msa.asked if path == "/token")
    assert token == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": f"{caller.address.partition('/api')[0]}/api/v2/oidc-callback",
        "client_id": CLIENT,
        "client_secret": HUB_CLIENT_SECRET,
    }
    (bearer,) = (headers["authorization"] for path, _, headers in msa.asked if path == "/userinfo")
    assert bearer == "Bearer a-token"
    assert [path for path, _, _ in msa.asked].count(DISCOVERY) == 3


def test_iss_is_not_asked_of_a_provider_that_does_not_announce_it(caller, msa):
    """A3."""
    come_back(caller, msa, iss=None).sees("Bienvenue Loïc")


def test_iss_is_asked_of_a_provider_that_announces_it(caller, msa):
    """A3."""
    msa.metadata = {"authorization_response_iss_parameter_supported": True}
    assert code_of(come_back(caller, msa)) == ("Y020026", 502)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({DISCOVERY: (500, "text/html", b"")}, "Y020024"),
        ({DISCOVERY: (200, "application/json", b"[]")}, "Y020024"),
        ({DISCOVERY: (200, "application/json", b'{"issuer": "https://ailleurs.example"}')}, "Y020024"),
        ({"/jwks": (503, "text/plain", b"")}, "Y020026"),
        ({"/jwks": (200, "application/json", b'{"keys": ["k"]}')}, "Y020026"),
        ({"/token": (400, "application/json", b'{"error": "invalid_grant"}')}, "Y020026"),
        ({"/token": (302, "text/html", b"")}, "Y020026"),
        ({"/token": (200, "text/html", b"<html>")}, "Y020026"),
        ({"/token": (200, "application/json", b"{}")}, "Y020026"),
        ({"/userinfo": (401, "application/json", b"{}")}, "Y020027"),
        ({"/userinfo": (500, "text/html", b"")}, "Y020027"),
        ({"/userinfo": (307, "text/html", b"")}, "Y020027"),
        ({"/userinfo": (200, "application/jwt", b"xyz")}, "Y020027"),
        ({"/userinfo": (200, "application/json", b'{"sub": "abc"}')}, "Y020027"),
        ({"/userinfo": (200, "application/jwt", b"\xff\xfe")}, "Y020027"),
    ],
    ids=lambda value: (
        None if isinstance(value, str) else "-".join(f"{path} {given[:2]}" for path, given in value.items())
    ),
)
def test_an_answer_that_is_none(caller, msa, answer, code):
    """A3, A4, A8: a redirect is not followed, a page is no document."""
    msa.instead = answer
    assert code_of(come_back(caller, msa)) == (code, 502)


@pytest.mark.parametrize(("path", "code"), [("/token", "Y020026"), ("/userinfo", "Y020027")])
def test_a_provider_that_never_answers_is_left_after_six_seconds(caller, msa, path, code):
    """A3: the hub's threads are its own again."""
    msa.silent = path
    assert code_of(come_back(caller, msa)) == (code, 502)


def test_a_provider_that_is_down_is_said_so_at_once(simulator):
    """A8: before anybody leaves."""
    simulator.turn(portal_url=f"http://127.0.0.1:{free_port()}")
    caller = Wanderer(simulator.url).visit(DROITS).follow("S'identifier avec").press("MSA")
    assert code_of(caller) == ("Y020024", 502)


@pytest.mark.parametrize(
    ("spoilt", "code", "status"),
    [
        ({"id_token": {"nonce": "another"}}, "Y020026", 502),
        ({"id_token": {"aud": "somebody-else"}}, "Y020026", 502),
        ({"tokens": {"id_token": None}}, "Y020026", 502),
        ({"id_token": {"acr": "urn:eidas:1"}}, "Y020030", 500),
        ({"id_token": {"acr": None}}, "Y100002", 400),
        ({"id_token": {"acr": "eidas2"}}, "Y100018", 403),
        ({"id_token": {"acr": "eidas0"}}, "Y100001", 403),
        ({"userinfo": {"sub": None}}, "Y020029", 500),
        ({"userinfo": {"sub": "abd"}}, "Y020027", 502),
        ({"userinfo": {"email": None}}, "Y600006", 400),
        ({"userinfo": {"birthdate": "11/10/1985"}}, "Y600006", 400),
        ({"userinfo": {"birthplace": 13201}}, "Y600006", 400),
        ({"userinfo": {"gender": "M"}}, "Y600006", 400),
    ],
    ids=lambda value: str(next(iter(value.values()))) if isinstance(value, dict) else None,
)
def test_one_word_that_is_wrong(caller, msa, spoilt: dict[str, Any], code, status):
    """A3 to A6: nobody gets further than FranceConnect, whose code says where it was."""
    for name, value in spoilt.items():
        setattr(msa, name, value)
    assert code_of(come_back(caller, msa)) == (code, status)
    assert "Vous êtes" not in caller.visit(DROITS).text


def test_what_a_provider_says_too_much_is_dropped(caller, msa):
    """A5: extra claims are no error, and go no further."""
    msa.userinfo = {"phone_number": "+33639981001", "nir": "1851013201907"}
    come_back(caller, msa).press("Continuer sur").sees("Vous êtes Loïc André GARCIN")
    caller.does_not_see("phone_number", "+33639981001", "1851013201907")


@pytest.mark.parametrize("description", [None, "<b>non</b>"])
def test_an_error_leads_back_to_the_picker(caller, msa, description):
    """A8: error_description is optional; the hub has words of its own."""
    come_back(caller, msa, code=None, error="access_denied", error_description=description)
    caller.sees("Je choisis un compte", "Vous n'avez pas été connecté avec votre compte MSA.").does_not_see("non</b>")


def test_a_provider_that_was_withdrawn_meanwhile_signs_nobody_in(simulator, caller, msa):
    """A8, Y020017."""
    simulator.turn(disabled_providers="msa")
    assert code_of(come_back(caller, msa)) == ("Y020017", 400)
    assert not [path for path, _, _ in msa.asked if path == "/token"]


@pytest.mark.parametrize("endpoint", [None, "http://msa.example/logout", "javascript:alert(1)", "//msa.example/logout"])
def test_an_end_that_is_not_safe_is_left_out(caller, msa, endpoint):
    """A8: without an https address FranceConnect ends its own session and asks the provider nothing."""
    come_back(caller, msa).press("Continuer sur")
    msa.metadata = {"end_session_endpoint": endpoint}
    caller.press("Se déconnecter").goes_on()
    caller.sees("Vous n'êtes plus connecté ni à Mes droits sociaux, ni à FranceConnect.")


def test_a_provider_that_is_down_keeps_nobody_from_signing_out(simulator, caller, msa):
    """A8, FS 17."""
    come_back(caller, msa).press("Continuer sur")
    simulator.turn(portal_url=f"http://127.0.0.1:{free_port()}")
    caller.press("Se déconnecter").goes_on().sees("ni à Mes droits sociaux, ni à FranceConnect.")
