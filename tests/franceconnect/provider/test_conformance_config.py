"""The OpenID Foundation's plan oidcc-config-certification-test-plan, and what FranceConnect reads of it (FI 1)."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from joserfc.jwk import import_key

from tests.oidc.clients import standard
from tests.oidc.relying_party import RelyingParty

pytestmark = [pytest.mark.django_db]
SECRET_PARTS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


@pytest.fixture
def party(db: None) -> RelyingParty:
    return standard()


def test_the_metadata_hold(party: RelyingParty) -> None:
    """oidcc-discovery-endpoint-verification."""
    told = party.metadata()
    assert told["response_types_supported"] == ["code"]
    assert set(told["subject_types_supported"]) <= {"pairwise", "public"}
    assert told["subject_types_supported"]
    assert {"RS256", "ES256"} <= set(told["id_token_signing_alg_values_supported"])
    assert "none" not in told["id_token_signing_alg_values_supported"]
    assert {"RS256", "ES256"} <= set(told["userinfo_signing_alg_values_supported"])
    assert told["grant_types_supported"] == ["authorization_code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["claims_parameter_supported"] is True
    assert told["request_parameter_supported"] is False
    assert told["request_uri_parameter_supported"] is False
    assert {"sub", "name", "email", "birthdate", "birthplace"} <= set(told["claims_supported"])
    assert "openid" in told["scopes_supported"]
    assert all(SCOPE_TOKEN.fullmatch(scope) for scope in told["scopes_supported"])
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", tag) for tag in told.get("ui_locales_supported", ["fr"]))
    assert told["authorization_response_iss_parameter_supported"] is True


def test_the_addresses_are_below_the_issuer_and_each_answers(party: RelyingParty) -> None:
    """oidcc-discovery-endpoint-verification: CheckDiscEndpoint…; the issuer is the address it is read from."""
    told = party.metadata()
    issuer = urlsplit(told["issuer"])
    assert (issuer.query, issuer.fragment) == ("", "")
    assert not told["issuer"].endswith("/")
    addresses = {name: url for name, url in told.items() if name.endswith(("_endpoint", "_uri")) and "/oidc/" in url}
    assert set(addresses) == {
        "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
        "revocation_endpoint",
    }  # fmt: skip
    for url in addresses.values():
        assert url.startswith(f"{told['issuer']}/oidc/")
        assert Client().get(urlsplit(url).path).status_code != 404


def test_in_production_every_address_is_https(party: RelyingParty, settings) -> None:
    """CheckDiscEndpointAllEndpointsAreHttps; FI 1: FranceConnect skips an end_session_endpoint without (A8)."""
    settings.BASE_URL = settings.OIDC_ISSUER = "https://compte.msa.example"
    told = party.but(issuer="https://compte.msa.example").metadata()
    addresses = [value for name, value in told.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) >= 6
    assert all(each.startswith("https://compte.msa.example/") for each in addresses)


def test_nothing_is_announced_that_does_not_exist(party: RelyingParty) -> None:
    """Libraries, 2.2: neither registration nor introspection nor devices."""
    told = party.metadata()
    assert not {
        "registration_endpoint", "introspection_endpoint", "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
    } & set(told)  # fmt: skip
    assert set(told["token_endpoint_auth_methods_supported"]) == {
        "client_secret_basic", "client_secret_post", "private_key_jwt",
    }  # fmt: skip
    assert set(told["prompt_values_supported"]) == {"none", "login", "consent", "select_account"}


def test_the_published_keys_can_be_used_and_tell_no_secret(party: RelyingParty) -> None:
    """ValidateServerJWKs, EnsureServerJwksDoesNotContainPrivateOrSymmetricKeys, CheckForKeyIdInServerJWKs; FI 11."""
    keys = party.jwks()["keys"]
    assert {key["alg"] for key in keys} == {"ES256", "RS256"}
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert key["use"] == "sig"
        assert not SECRET_PARTS & set(key)
        assert "=" not in "".join(value for value in key.values() if isinstance(value, str))
        assert import_key(key).is_private is False
    for key in keys:
        if key["kty"] == "RSA":
            assert len(key["n"]) >= 342  # 2048 bits


@pytest.mark.parametrize("name", ["discovery", "jwks_uri"])
def test_metadata_and_keys_may_be_kept_by_anybody_and_cost_nothing(
    party: RelyingParty, name: str, django_assert_num_queries
) -> None:
    """FI 23: FranceConnect fetches them several times per sign-in; no SQL, no cookie, an ETag."""
    addresses = {"discovery": "/.well-known/openid-configuration", "jwks_uri": party.metadata()["jwks_uri"]}
    url = urlsplit(addresses[name]).path
    Client().get(url)
    with django_assert_num_queries(0):
        first = Client().get(url)
    assert "public" in first["Cache-Control"]
    assert re.search(r"max-age=[1-9]", first["Cache-Control"])
    assert first["Content-Type"].startswith("application/json")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
