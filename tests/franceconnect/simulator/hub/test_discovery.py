"""The two documents that a service reads first (facts B1, B3)."""

import pytest
import requests


@pytest.fixture
def document(simulator):
    return requests.get(f"{simulator.issuer}/.well-known/openid-configuration", timeout=10).json()


def test_it_is_franceconnect_s_own_and_not_franceconnect_plus(document, simulator):
    assert document["issuer"] == simulator.issuer == f"{simulator.url}/api/v2"
    assert document["acr_values_supported"] == ["eidas1"]
    assert document["response_types_supported"] == ["code"]
    assert document["grant_types_supported"] == ["authorization_code"]
    assert document["subject_types_supported"] == ["pairwise"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_post", "private_key_jwt"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert {"ES256", "RS256"} <= set(document["id_token_signing_alg_values_supported"])
    assert not [name for name in document if "encryption" in name or "backchannel" in name]


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("authorization_endpoint", "/authorize"), ("token_endpoint", "/token"), ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"), ("end_session_endpoint", "/session/end"),
    ],
)  # fmt: skip
def test_the_endpoints_are_where_franceconnect_has_them(document, simulator, endpoint, path):
    assert document[endpoint] == simulator.issuer + path


def test_two_public_keys_one_of_each_kind(service):
    keys = {key["alg"]: key for key in service.jwks()["keys"]}
    assert {alg: key["kid"] for alg, key in keys.items()} == {
        "ES256": "pkcs11:ES256:hsm",
        "RS256": "pkcs11:RS256:hsm",
    }
    assert {key["use"] for key in keys.values()} == {"sig"}
    assert not any({"d", "p", "q"} & set(key) for key in keys.values())


def test_machines_are_given_no_cookie_and_pages_may_not_be_framed_nor_scripted(simulator, service):
    assert not requests.get(f"{simulator.issuer}/jwks", timeout=10).cookies
    page = service.browser.visit(service.url()).response
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert page.headers["Cache-Control"] == "no-store"
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("fc_session_id=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_reset_puts_back_the_keys_of_the_start(service, simulator):
    """F 5: a rotation that one test provoked is nobody else's."""
    before = service.jwks()
    simulator.turn(spoil="new_key")
    service.tokens()
    assert service.jwks() != before
    simulator.reset()
    assert service.jwks() == before
