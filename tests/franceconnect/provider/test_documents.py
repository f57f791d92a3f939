"""Discovery, keys and status: what anybody reads, several times for each sign-in (FI 1, FI 11, FI 23, FI 29)."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as portal
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from joserfc.jwk import KeySet
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import Traveller

from accounts.models import Entry
from franceconnect import claims, keys, middleware
from franceconnect.models import Client as RelyingParty
from franceconnect.models import SigningKey
from franceconnect.provider import metadata
from franceconnect.provider.views import documents
from franceconnect.public_keys import SIGNATURES
from tests.members import an_account
from tests.oidc.clients import standard
from tests.oidc.visitor import Visitor, whole_flow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signing_keys")]

DISCOVERY, JWKS, STATUS = "/.well-known/openid-configuration", "/oidc/jwks", "/status"
CACHED, ALL = [DISCOVERY, JWKS], [DISCOVERY, JWKS, STATUS]


def told() -> dict[str, Any]:
    return Client().get(DISCOVERY).json()


# The discovery document -----------------------------------------------------------------------------------------------


def test_the_issuer_is_the_one_the_tokens_name() -> None:
    """FI 1; Discovery, 4.3: string for string."""
    assert told()["issuer"] == portal.OIDC_ISSUER
    assert told()["issuer"] + DISCOVERY == portal.BASE_URL + reverse("provider:discovery")


def test_every_address_is_ours_and_leads_somewhere() -> None:
    """FI 1, FI 24: an end_session_endpoint among them."""
    addresses = {name: urlsplit(url) for name, url in told().items() if name in metadata.ENDPOINTS}
    assert set(addresses) == set(metadata.ENDPOINTS)
    for name, address in addresses.items():
        assert f"{address.scheme}://{address.netloc}" == portal.BASE_URL
        assert resolve(address.path).view_name == metadata.ENDPOINTS[name]


@pytest.mark.parametrize("page", ["service_documentation", "op_policy_uri", "op_tos_uri"])
def test_the_pages_for_people_are_there(page: str) -> None:
    assert Client().get(urlsplit(told()[page]).path).status_code == 200


def test_it_announces_what_franceconnect_asks_for() -> None:
    """FI 1, FI 2, FI 10: code, its scopes (A2, A5), eidas1 and nothing above."""
    document = told()
    asked = "openid profile email birth given_name family_name gender birthdate birthplace birthcountry "
    asked += "preferred_username identite_pivot phone address"
    assert set(document["scopes_supported"]) == set(asked.split())
    assert document["response_types_supported"] == ["code"]
    assert document["acr_values_supported"] == ["eidas1"]
    assert document["id_token_signing_alg_values_supported"] == ["ES256", "RS256"]
    assert document["userinfo_signing_alg_values_supported"] == ["ES256", "RS256"]
    for token in ("id_token", "userinfo"):
        assert document[f"{token}_encryption_alg_values_supported"] == ["RSA-OAEP-256", "ECDH-ES"]
        assert document[f"{token}_encryption_enc_values_supported"] == ["A256GCM"]
    assert "client_secret_post" in document["token_endpoint_auth_methods_supported"]


def test_it_announces_nothing_that_a_client_cannot_choose() -> None:
    document = told()
    assert document["id_token_signing_alg_values_supported"] == RelyingParty.SigningAlg.values == list(keys.PAIRS)
    assert document["token_endpoint_auth_methods_supported"] == RelyingParty.AuthMethod.values
    assert document["revocation_endpoint_auth_methods_supported"] == RelyingParty.AuthMethod.values
    assert document["token_endpoint_auth_signing_alg_values_supported"] == list(SIGNATURES)
    assert set(document["claims_supported"]) >= {"sub", "acr", "auth_time", "nonce", *claims.PIVOT, "email"}
    assert document["subject_types_supported"] == ["pairwise"]
    assert document["grant_types_supported"] == ["authorization_code"]
    assert document["response_modes_supported"] == ["query"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["claims_parameter_supported"] is True
    assert document["request_parameter_supported"] is document["request_uri_parameter_supported"] is False
    assert "none" not in json.dumps(document["id_token_signing_alg_values_supported"])
    # RFC 8414, 2: present with values, or absent.
    assert all(value or value is False for value in document.values())


def test_a_service_receives_no_claim_that_was_not_announced() -> None:
    """All scopes at once: what stands in the id_token and in userinfo stands in claims_supported."""
    an_account()
    document = told()
    party = standard().but(scope=" ".join(document["scopes_supported"]))
    tokens = whole_flow(party, Visitor())
    known = party.identity(tokens)
    assert len(known) > 10
    assert set(tokens.claims) | set(known) <= set(document["claims_supported"])


# The keys -------------------------------------------------------------------------------------------------------------


def test_the_keys_are_those_of_the_ring_and_public() -> None:
    """FI 11; another library takes them."""
    shown = Client().get(JWKS).json()
    assert shown == keys.published()
    assert {key.kid for key in KeySet.import_key_set(shown).keys} == set(
        SigningKey.objects.values_list("pk", flat=True)
    )
    assert not any(key.is_private for key in KeySet.import_key_set(shown).keys)


def test_a_rotation_shows_at_once_and_the_former_key_leaves_by_itself(
    held_clock: Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = Client().get(JWKS)
    keys.rotate("ES256", now=timezone.now())
    second = Client().get(JWKS)
    assert (len(first.json()["keys"]), len(second.json()["keys"])) == (2, 3)
    assert second["ETag"] != first["ETag"]
    # No task runs, nothing is asked: it is a matter of time.
    held_clock.shift(portal.OIDC_KEY_NOTICE + portal.OIDC_KEY_OVERLAP)
    with django_assert_num_queries(0):
        third = Client().get(JWKS, headers={"If-None-Match": second["ETag"]})
    assert third.status_code == 200
    assert len(third.json()["keys"]) == 2
    assert third["ETag"] not in (first["ETag"], second["ETag"])


# How they are served --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ALL)
def test_nothing_is_asked_set_or_written(address: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """FI 23, FI 29: neither SQL nor session nor cookie, whoever asks."""
    Client().get(JWKS)
    known = Client()
    known.cookies["session"], known.cookies["navigateur"] = "x" * 32, "y" * 43
    with django_assert_num_queries(0):
        answers = [Client().get(address), known.get(address), Client().get(address, {"any": "thing"})]
    assert {answer.status_code for answer in answers} == {200}
    assert not any(answer.cookies for answer in answers)
    assert not any("Vary" in answer for answer in answers)
    assert len({answer.content for answer in answers}) == 1
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("address", "age"), [(DISCOVERY, documents.DISCOVERY_AGE), (JWKS, documents.JWKS_AGE)])
def test_anybody_may_keep_them_for_a_while(address: str, age: int) -> None:
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == f"public, max-age={age}"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize("address", CACHED)
def test_who_has_them_already_is_told_so(address: str) -> None:
    """RFC 9110, 13.1.2; a proxy that compresses makes the tag weak."""
    etag = Client().get(address)["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = Client().get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == etag
        assert "max-age" in answer["Cache-Control"]
        assert "Content-Length" not in answer
    for unknown in ("", '"other"', etag.strip('"'), f'{etag[:-2]}"'):
        assert Client().get(address, headers={"If-None-Match": unknown}).status_code == 200


@pytest.mark.parametrize("address", ALL)
def test_a_head_tells_the_same_without_the_body(address: str) -> None:
    head, full = Client().head(address), Client().get(address)
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(full.headers)
    assert int(head["Content-Length"]) == len(full.content)


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_they_are_read_only(address: str, method: str) -> None:
    answer: HttpResponse = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD"}
    assert not answer.cookies


@pytest.mark.parametrize("address", ALL)
def test_no_browser_takes_them_for_a_page(address: str) -> None:
    assert Client().get(address)["X-Content-Type-Options"] == "nosniff"


def test_the_short_way_and_the_addresses_are_the_same() -> None:
    """The middleware knows them by heart; everybody else by their names."""
    known = {**middleware.Documents.answers, **middleware.Endpoints.answers}
    found = {address: resolve(address) for address in known}
    assert {reverse(match.view_name) for match in found.values()} == set(known)
    for address, match in found.items():
        assert getattr(match.func, "view_class", match.func) is getattr(known[address], "view_class", known[address])


@pytest.mark.parametrize("address", ["/status/", "/oidc/jwks/", "/.well-known/", "/.well-known/openid-configuration/"])
def test_other_addresses_are_not_taken_for_them(address: str) -> None:
    assert Client().get(address).status_code == 404


# Production -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def production(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 63_072_000


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("address", CACHED)
def test_keys_are_not_told_in_clear(address: str) -> None:
    """Who could change them on the way could sign in our name."""
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{address}")
    answer = Client().get(address, secure=True)
    assert answer.status_code == 200
    assert answer["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.usefixtures("production")
def test_status_is_told_to_a_load_balancer_that_knows_neither_https_nor_our_name() -> None:
    """FI 29."""
    answer = Client().get(STATUS, headers={"Host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"


def test_nobody_s_host_stands_in_the_document() -> None:
    """A cache poisoned by a Host header would send members' codes elsewhere."""
    assert Client().get(DISCOVERY, headers={"Host": "evil.example"}).content == Client().get(DISCOVERY).content


def test_the_keys_change_with_time_alone_but_never_too_early(held_clock: Traveller) -> None:
    keys.rotate("RS256", now=timezone.now(), immediately=True)
    held_clock.shift(portal.OIDC_KEY_OVERLAP - timedelta(seconds=1))
    assert len(Client().get(JWKS).json()["keys"]) == 3
