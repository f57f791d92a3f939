"""private_key_jwt: what a client signs proves who it is once, to us, for a few minutes; and every way around it."""

import base64
import hashlib
import hmac
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from franceconnect.models import Client, UsedAssertion
from franceconnect.provider import client_assertion
from franceconnect.provider.client_assertion import TYPE, AssertionRefused, Reason, proves, spend
from franceconnect.registration import register
from tests.franceconnect.key_server import key_server

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
STAMP = int(NOW.timestamp())
ISSUER, TOKEN_ENDPOINT = "https://msa.example", "https://msa.example/oidc/token"
OURS = (ISSUER, TOKEN_ENDPOINT)
EC, RSA = ECKey.generate_key("P-256", {"kid": "ec"}), RSAKey.generate_key(2048, {"kid": "rsa"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
CALLBACK = "https://service.example.org/retour"


def a_client(client_id: str = "service", *keys: Any, **columns: Any) -> Client:
    found = {"jwks": {"keys": [key.as_dict(private=False) for key in keys or (EC, RSA)]}, **columns}
    return register(
        client_id,
        preset="standard",
        now=NOW,
        redirect_uris=[CALLBACK],
        auth_method="private_key_jwt",
        **found,
    ).client


@pytest.fixture
def service() -> Client:
    return a_client()


def claims(**changed: Any) -> dict[str, Any]:
    """What a good client says, with `changed`; None takes a claim away."""
    said = {
        "iss": "service",
        "sub": "service",
        "aud": TOKEN_ENDPOINT,
        "jti": "one",
        "iat": STAMP,
        "exp": STAMP + 60,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(said: Any, key: Any = EC, *, alg: str = "ES256", **head: Any) -> str:
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    named = {"alg": alg, "kid": key.as_dict().get("kid"), **head}
    return jws.serialize_compact(
        {name: value for name, value in named.items() if value is not None}, content, key, algorithms=[alg]
    )


def form(token: str, **changed: str) -> dict[str, str]:
    return {"client_assertion_type": TYPE, "client_assertion": token, **changed}


def refusal(client: Client, token: str, **changed: str) -> Reason:
    with pytest.raises(AssertionRefused) as refused:
        spend(form(token, **changed), client, endpoint_urls=OURS, now=NOW)
    assert not UsedAssertion.objects.exists() or refused.value.reason is Reason.REPLAYED
    return refused.value.reason


def accepted(client: Client, token: str, *, now: Any = NOW) -> bool:
    return proves(form(token), client, endpoint_urls=OURS, now=now)


# Attacks --------------------------------------------------------------------------------------------------------------


def test_an_assertion_serves_once(service):
    token = signed(claims())
    assert accepted(service, token)
    assert refusal(service, token) is Reason.REPLAYED
    # The same jti in another assertion is the same jti.
    assert refusal(service, signed(claims(exp=STAMP + 90))) is Reason.REPLAYED
    assert not accepted(service, token, now=NOW + timedelta(seconds=89))


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_the_first():
    service, token = a_client(), signed(claims())

    def present(_: int) -> bool:
        try:
            return accepted(service, token)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 8) as thieves:
        assert sum(thieves.map(present, range(24))) == 1
    assert UsedAssertion.objects.count() == 1


def unsigned(alg: str) -> str:
    head = {"alg": alg, "kid": "ec"}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims()))
    return b".".join([*parts, b""]).decode()


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_what_is_not_signed_proves_nothing(service, alg):
    """RFC 8725, 2.1; also with a signature that is there but empty or anything."""
    assert refusal(service, unsigned(alg)) is Reason.MALFORMED
    assert refusal(service, unsigned(alg) + "AAAA") is Reason.ALG


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("how", ["pem", "jwk"])
def test_a_public_key_is_not_a_shared_secret(service, alg, how):
    """RFC 8725, 2.1: the public key is known to everybody."""
    secret = RSA.as_pem(private=False) if how == "pem" else json.dumps(RSA.as_dict(private=False)).encode()
    head = json.dumps({"alg": alg, "kid": "rsa"}).encode()
    text = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in (head, json.dumps(claims()).encode()))
    mark = hmac.digest(secret, text, getattr(hashlib, f"sha{alg[2:]}"))
    token = (text + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()
    assert refusal(service, token) is Reason.ALG


def test_somebody_else_s_key_proves_nothing(service):
    assert refusal(service, signed(claims(), STRANGER)) is Reason.SIGNATURE


def test_a_key_that_travels_with_the_assertion_is_not_looked_at(service):
    """Header jwk, jku, x5u: RFC 8725, 3.10."""
    brought = {"jwk": STRANGER.as_dict(private=False), "jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/"}
    assert refusal(service, signed(claims(), STRANGER, **brought)) is Reason.SIGNATURE
    assert refusal(service, signed(claims(), STRANGER, **brought, kid="stranger")) is Reason.KEY


def test_another_client_of_ours_cannot_speak_for_this_one(service):
    """Neither by its own key nor by saying that it is the other."""
    other = a_client("other", STRANGER)
    assert refusal(service, signed(claims(), STRANGER)) is Reason.SIGNATURE
    assert refusal(other, signed(claims(), STRANGER)) is Reason.ISSUER
    assert refusal(service, signed(claims(iss="other", sub="other"), EC)) is Reason.ISSUER


def test_two_clients_may_use_the_same_jti(service):
    other = a_client("other", STRANGER)
    assert accepted(service, signed(claims()))
    assert accepted(other, signed(claims(iss="other", sub="other"), STRANGER))


def test_a_changed_claim_breaks_the_signature(service):
    head, _, mark = signed(claims()).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(jti="two")).encode()).rstrip(b"=").decode()
    assert refusal(service, f"{head}.{body}.{mark}") is Reason.SIGNATURE


def test_a_key_made_for_something_else_does_not_sign():
    service = a_client("service", ECKey.generate_key("P-256", {"kid": "other", "use": "sig"}), EC)
    service.jwks["keys"][1]["use"] = "enc"
    assert refusal(service, signed(claims())) is Reason.KEY


def test_the_alg_is_the_key_s(service):
    """An RSA key does not check ES256, whatever the head says."""
    assert refusal(service, signed(claims(), RSA, alg="RS256", kid="ec")) is Reason.KEY
    assert refusal(service, signed(claims(), EC, kid="rsa")) is Reason.KEY


def test_a_head_that_changes_how_it_is_read_is_refused(service):
    """RFC 7797's b64, and any crit."""
    for head in ({"crit": ["exp"], "exp": 1}, {"b64": False}):
        encoded = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": "ec", **head}).encode()).rstrip(b"=")
        _, body, mark = signed(claims()).split(".")
        assert refusal(service, f"{encoded.decode()}.{body}.{mark}") is Reason.MALFORMED


REFUSED: list[tuple[str, dict[str, Any], Reason]] = [
    ("issuer missing", {"iss": None}, Reason.ISSUER),
    ("subject missing", {"sub": None}, Reason.ISSUER),
    ("subject another", {"sub": "other"}, Reason.ISSUER),
    ("issuer a list", {"iss": ["service"]}, Reason.ISSUER),
    ("issuer in capitals", {"iss": "SERVICE", "sub": "SERVICE"}, Reason.ISSUER),
    ("audience missing", {"aud": None}, Reason.AUDIENCE),
    ("audience another", {"aud": "https://elsewhere.example/oidc/token"}, Reason.AUDIENCE),
    ("audience almost ours", {"aud": ISSUER + "/"}, Reason.AUDIENCE),
    ("audience begins like ours", {"aud": ISSUER + ".evil.example"}, Reason.AUDIENCE),
    ("audience an empty list", {"aud": []}, Reason.AUDIENCE),
    ("audience an object", {"aud": {ISSUER: 1}}, Reason.AUDIENCE),
    ("audience a list in a list", {"aud": [[ISSUER]]}, Reason.AUDIENCE),
    ("no end", {"exp": None}, Reason.EXPIRED),
    ("ended", {"exp": STAMP - 31}, Reason.EXPIRED),
    ("end a text", {"exp": str(STAMP + 60)}, Reason.EXPIRED),
    ("end true", {"exp": True}, Reason.EXPIRED),
    ("end not a number", {"exp": float("nan")}, Reason.EXPIRED),
    ("never ends", {"exp": float("inf")}, Reason.TOO_LONG),
    ("ends in 6 minutes", {"exp": STAMP + 360}, Reason.TOO_LONG),
    ("ends next year", {"exp": STAMP + 31_536_000}, Reason.TOO_LONG),
    ("made in a minute", {"iat": STAMP + 60}, Reason.NOT_YET),
    ("made at a text", {"iat": "now"}, Reason.NOT_YET),
    ("begins in a minute", {"nbf": STAMP + 60}, Reason.NOT_YET),
    ("begins never", {"nbf": float("nan")}, Reason.NOT_YET),
    ("no jti", {"jti": None}, Reason.JTI),
    ("empty jti", {"jti": ""}, Reason.JTI),
    ("jti a number", {"jti": 1}, Reason.JTI),
    ("endless jti", {"jti": "x" * 600}, Reason.JTI),
]


@pytest.mark.parametrize(("changed", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_signed_has_to_say_the_right_thing(service, changed, reason):
    """RFC 7523, 3; Core, 9."""
    assert refusal(service, signed(claims(**changed))) is reason


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "a.b.c.d", "é.é.é", "\0", "x" * 100_000, signed(b"not json"), signed(b"[]"), signed(b"1")],
    ids=range(11),  # what is signed differs at each run, and each worker has to call it the same
)
def test_what_is_no_assertion_is_refused(service, token):
    assert refusal(service, token) is Reason.MALFORMED
    assert client_assertion.issuer_of(token) == ""


def test_a_body_nested_a_thousand_times_is_refused(service):
    assert refusal(service, signed(b"[" * 4000)) is Reason.MALFORMED


@pytest.mark.parametrize("kind", ["", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])
def test_it_has_to_be_called_what_it_is(service, kind):
    assert refusal(service, signed(claims()), client_assertion_type=kind) is Reason.TYPE
    with pytest.raises(AssertionRefused):
        spend({"client_assertion": signed(claims())}, service, endpoint_urls=OURS, now=NOW)


@pytest.mark.parametrize("kid", [1, ["ec"], {"kid": "ec"}])
def test_a_key_s_name_is_a_text(service, kid):
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": kid}).encode()).rstrip(b"=").decode()
    _, body, mark = signed(claims()).split(".")
    assert refusal(service, f"{head}.{body}.{mark}") is Reason.MALFORMED


@given(st.text(max_size=200))
def test_any_text_names_a_client_or_none(text):
    assert client_assertion.issuer_of(text) == ""


@given(
    st.dictionaries(
        st.sampled_from(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]),
        st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text()),
    )
)
def test_any_claims_are_refused_and_nothing_breaks(said):
    client = Client(client_id="service", jwks={"keys": [EC.as_dict(private=False)]})
    assert not proves(form(signed(said)), client, endpoint_urls=OURS, now=NOW)


# What works -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["ES256", "RS256", "PS256"])
def test_a_client_proves_who_it_is(service, alg):
    """Core, 9: private_key_jwt."""
    assert accepted(service, signed(claims(), EC if alg == "ES256" else RSA, alg=alg))


GOOD: list[dict[str, Any]] = [
    {"aud": ISSUER},
    {"aud": [ISSUER]},
    {"aud": ["https://elsewhere.example", TOKEN_ENDPOINT]},
    {"iat": None},
    {"nbf": STAMP},
    {"exp": STAMP + 300},
    {"exp": STAMP - 29},  # its clock is behind ours
    {"iat": STAMP + 29, "exp": STAMP + 329},  # its clock is before ours
    {"exp": STAMP + 60.5},
    {"jti": "é" * 100},
    {"other": "claim"},
]


@pytest.mark.parametrize("changed", GOOD, ids=range(len(GOOD)))
def test_what_the_standards_leave_open_is_taken(service, changed):
    assert accepted(service, signed(claims(**changed)))


def test_a_client_with_one_key_need_not_name_it():
    assert accepted(a_client("service", EC), signed(claims(), kid=None))


def test_its_new_key_is_fetched_when_it_first_signs():
    """Rotation at a jwks_uri (Core, 10.1.1)."""
    with key_server() as server:
        server.document = {"keys": [EC.as_dict(private=False)]}
        service = a_client(jwks=None, jwks_uri=server.url)
        assert accepted(service, signed(claims()))
        server.document = {"keys": [RSA.as_dict(private=False)]}
        later = NOW + timedelta(seconds=11)
        assert accepted(service, signed(claims(jti="two"), RSA, alg="RS256"), now=later)
        server.status = 500
        assert accepted(service, signed(claims(jti="three"), RSA, alg="RS256"), now=later)


def test_a_client_whose_keys_cannot_be_had_proves_nothing():
    service = a_client(jwks=None, jwks_uri="https://127.0.0.1:1/jwks")
    assert refusal(service, signed(claims())) is Reason.KEY


def test_who_it_says_it_is_can_be_read_before(service):
    assert client_assertion.issuer_of(signed(claims())) == "service"


@pytest.mark.parametrize("issuer", ["", "a\0b", "é", "x" * 256, 1, None, ["service"], "' OR 1=1"])
def test_what_could_not_be_an_identifier_is_not_looked_for(issuer):
    """libraries 2.2, no. 3: a NUL makes PostgreSQL raise."""
    assert client_assertion.issuer_of(signed({"iss": issuer})) == ""


def test_the_log_says_why_and_neither_jti_nor_assertion(service, caplog):
    token = signed(claims(aud="https://elsewhere.example"))
    with caplog.at_level(logging.INFO):
        assert not accepted(service, token)
    assert [(record.client_id, record.why) for record in caplog.records] == [("service", "audience")]
    assert token not in caplog.text


def test_what_is_too_old_to_be_replayed_is_forgotten(service):
    """The fingerprints of the used ones live as long as the assertions could."""
    assert accepted(service, signed(claims(exp=STAMP + 60)))
    assert accepted(service, signed(claims(jti="two", exp=STAMP + 300)))
    assert b"one" not in b"".join(bytes(digest) for digest in UsedAssertion.objects.values_list("digest", flat=True))
    assert client_assertion.forget(now=NOW + timedelta(seconds=119)) == 0
    gone = NOW + timedelta(seconds=122)
    assert client_assertion.forget(now=gone) == 1
    # What was forgotten is refused for its age.
    assert not accepted(service, signed(claims(exp=STAMP + 60)), now=gone)
    assert UsedAssertion.objects.count() == 1
