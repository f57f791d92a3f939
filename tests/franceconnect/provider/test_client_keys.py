"""A client's public keys: which of them serves for what, and how those at a jwks_uri are kept."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK

from franceconnect import public_keys
from franceconnect.models import Client
from franceconnect.provider import client_keys
from franceconnect.provider.client_keys import KeysUnavailable
from tests.franceconnect.key_server import KeyServer, key_server

pytestmark = pytest.mark.sqlite
NOW = timezone.now()


def pair(kind: str = "EC", **members: Any) -> JWK:
    size: dict[str, Any] = {"size": 2048} if kind == "RSA" else {"crv": "P-256"}
    return JWK.generate(kty=kind, **(size | members))


EC_SIG, EC_ENC = pair(kid="ec-sig", use="sig"), pair(kid="ec-enc", use="enc")
RSA_SIG, RSA_ENC = pair("RSA", kid="rsa-sig", use="sig"), pair("RSA", kid="rsa-enc", use="enc")
ANY = pair(kid="any")
ALL = (EC_SIG, EC_ENC, RSA_SIG, RSA_ENC)


def shown(*pairs: JWK) -> dict[str, list[dict[str, Any]]]:
    return {"keys": [each.export_public(as_dict=True) for each in pairs]}


def client(**columns: Any) -> Client:
    """Reads no table: a client is its columns here."""
    return Client(client_id="service", **columns)


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server() as served:
        yield served


def at(seconds: float) -> Any:
    return NOW + timedelta(seconds=seconds)


def encryption_kid(who: Client, seconds: float = 0) -> str:
    return client_keys.encryption_key(who, now=at(seconds))["kid"]


def signature_kid(who: Client, kid: str | None, alg: str = "ES256", seconds: float = 0) -> str:
    return client_keys.verification_key(who, kid, alg, now=at(seconds))["kid"]


@pytest.mark.parametrize(("alg", "kid"), [("RSA-OAEP-256", "rsa-enc"), ("ECDH-ES", "ec-enc")])
def test_what_is_encrypted_goes_to_a_key_for_encryption(alg, kid):
    """FranceConnect A4: use=enc, and of the alg's kind."""
    assert encryption_kid(client(encryption_alg=alg, jwks=shown(*ALL))) == kid


def test_a_key_that_says_what_it_is_for_comes_before_one_that_does_not():
    assert encryption_kid(client(encryption_alg="ECDH-ES", jwks=shown(ANY, EC_ENC))) == "ec-enc"
    assert encryption_kid(client(encryption_alg="ECDH-ES", jwks=shown(EC_SIG, ANY))) == "any"


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (EC_SIG, RSA_SIG, RSA_ENC),
        (pair(use="enc", alg="ECDH-ES+A256KW"),),
        (pair(use="enc", alg="ES256"),),
    ],
)
def test_no_other_key_is_encrypted_to(keys):
    with pytest.raises(KeysUnavailable):
        encryption_kid(client(encryption_alg="ECDH-ES", jwks=shown(*keys)))


@pytest.mark.parametrize(
    ("alg", "kid"), [("ES256", "ec-sig"), ("RS256", "rsa-sig"), ("PS256", "rsa-sig"), ("ES256", "any")]
)
def test_a_signature_is_checked_by_the_key_it_names(alg, kid):
    assert signature_kid(client(jwks=shown(*ALL, ANY)), kid, alg) == kid


@pytest.mark.parametrize(
    ("alg", "kid"),
    [
        ("ES256", "nobody"),
        ("ES256", "ec-enc"),
        ("ES256", "rsa-sig"),
        ("RS256", "ec-sig"),
        ("HS256", "ec-sig"),
        ("none", "ec-sig"),
        ("ES256", ""),
        ("ES256", None),  # two would fit
    ],
)
def test_a_key_serves_for_nothing_but_its_own(alg, kid):
    with pytest.raises(KeysUnavailable):
        signature_kid(client(jwks=shown(*ALL, ANY)), kid, alg)


def test_without_a_name_the_only_key_that_fits_serves():
    """Core, 10.1."""
    assert signature_kid(client(jwks=shown(EC_SIG, EC_ENC, RSA_SIG)), None) == "ec-sig"


def test_es256_means_p_256():
    with pytest.raises(KeysUnavailable):
        signature_kid(client(jwks=shown(pair(kid="wide", crv="P-384"))), "wide")


def broken_point() -> dict[str, Any]:
    return pair(kid="k").export_public(as_dict=True) | {"x": "AAAA" * 10 + "AAA"}


@pytest.mark.parametrize(
    "key",
    [
        {},
        None,
        "key",
        {"kty": "EC"},
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "n": "AQAB" * 2000, "e": "AQAB"},
        {"kty": "RSA", "n": "é", "e": "AQAB"},
        {"kty": "oct", "k": "c2VjcmV0"},
        broken_point(),
        EC_SIG.export_private(as_dict=True),
        pair("RSA").export_public(as_dict=True) | {"e": "AQAB" * 40},
        pair("RSA").export_public(as_dict=True) | {"e": "AQ"},
        EC_SIG.export_public(as_dict=True) | {"kid": 1},
        EC_SIG.export_public(as_dict=True) | {"use": ["sig"]},
    ],
)
def test_a_key_we_cannot_use_is_passed_over(key):
    """RFC 7517, 5; weak, broken, private and shared keys with it."""
    assert public_keys.parse({"keys": [key]}) == ()
    assert [each["kid"] for each in public_keys.parse({"keys": [key, EC_SIG.export_public(as_dict=True)]})] == [
        "ec-sig"
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["keys", "kty", "n", "x"]), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_document_is_keys_or_is_not(document):
    try:
        keys = public_keys.parse(document)
    except public_keys.NotKeys:
        return
    assert all(key["kty"] in ("RSA", "EC") for key in keys)


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*public_keys.PUBLIC, "d"]), JSON | st.sampled_from(["EC", "RSA", "P-256"]))
    )
)
def test_any_key_is_usable_or_passed_over(keys):
    assert all(key["kty"] in ("RSA", "EC") for key in public_keys.parse({"keys": keys}))


def test_published_keys_are_read_once_while_they_are_fresh(server):
    server.publishes(*ALL)
    server.headers = {"Cache-Control": "max-age=600"}
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    assert encryption_kid(who) == "ec-enc"
    assert signature_kid(who, "ec-sig", seconds=599) == "ec-sig"
    assert len(server.asked) == 1
    server.publishes(pair(kid="next", use="enc"))
    assert encryption_kid(who, 601) == "next"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("header", "life"),
    [("max-age=1", 300), ("no-store", 300), ("", 300), ("max-age=3600", 3600), ("max-age=999999999", 86400)],
)
def test_their_life_stays_within_bounds(server, header, life):
    """5 minutes to 24 hours, whatever their server says."""
    server.publishes(EC_ENC)
    server.headers = {"Cache-Control": header}
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    for seconds, asked in ((0, 1), (life - 1, 1), (life + 1, 2)):
        encryption_kid(who, seconds)
        assert len(server.asked) == asked


def test_another_address_means_other_keys(server):
    server.publishes(EC_ENC)
    encryption_kid(client(encryption_alg="ECDH-ES", jwks_uri=server.url))
    server.publishes(pair(kid="elsewhere", use="enc"))
    assert encryption_kid(client(encryption_alg="ECDH-ES", jwks_uri=server.url + "?v=2")) == "elsewhere"


def test_a_new_key_is_asked_for_at_once_but_not_all_the_time(server):
    server.publishes(EC_SIG)
    who = client(jwks_uri=server.url)
    assert signature_kid(who, "ec-sig") == "ec-sig"
    server.publishes(EC_SIG, pair(kid="new", use="sig"))
    with pytest.raises(KeysUnavailable):
        signature_kid(who, "new", seconds=9)
    assert len(server.asked) == 1
    assert signature_kid(who, "new", seconds=10) == "new"
    for seconds in range(11, 20):
        with pytest.raises(KeysUnavailable):
            signature_kid(who, f"random-{seconds}", seconds=seconds)
    assert len(server.asked) == 2
    assert signature_kid(who, "ec-sig", seconds=15) == "ec-sig"


def test_a_client_that_took_its_key_away_is_not_believed_by_it(server):
    server.publishes(EC_SIG)
    who = client(jwks_uri=server.url)
    signature_kid(who, "ec-sig")
    server.publishes(ANY)
    with pytest.raises(KeysUnavailable):
        signature_kid(who, "ec-sig", seconds=301)


def breakdown(server: KeyServer) -> None:
    server.status = 503


def nonsense(server: KeyServer) -> None:
    server.document = {"cles": []}


@pytest.mark.parametrize("fall", [breakdown, nonsense])
def test_its_server_s_breakdown_is_not_ours(server, fall):
    """The keys we know serve for a day more; its server is left in peace between two attempts."""
    server.publishes(EC_ENC)
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    encryption_kid(who)
    fall(server)
    for seconds in (301, 302, 305, 310):
        assert encryption_kid(who, seconds) == "ec-enc"
    assert len(server.asked) == 2
    assert encryption_kid(who, 300 + 86399) == "ec-enc"
    with pytest.raises(KeysUnavailable):
        encryption_kid(who, 300 + 86400)


def test_a_server_that_never_answered_is_asked_every_10_seconds(server):
    breakdown(server)
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    for seconds in range(10):
        with pytest.raises(KeysUnavailable):
            encryption_kid(who, seconds)
    assert len(server.asked) == 1
    server.status = 200
    server.publishes(EC_ENC)
    assert encryption_kid(who, 10) == "ec-enc"


@pytest.fixture
def slow(server: KeyServer) -> Iterator[threading.Event]:
    """A server that answers once it is let go."""
    go = threading.Event()
    body = json.dumps(shown(EC_ENC)).encode()

    def wait(out: Any) -> None:
        assert go.wait(timeout=5)
        out.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)

    server.answer = wait
    yield go
    go.set()


def asked_by_one(server: KeyServer, who: Client, seconds: float, asker: ThreadPoolExecutor) -> Future[str]:
    """Somebody who waits for the slow server, which has heard the question by now."""
    before = len(server.asked)
    waiting = asker.submit(encryption_kid, who, seconds)
    until = time.monotonic() + 5
    while len(server.asked) == before:
        assert time.monotonic() < until
        time.sleep(0.005)
    return waiting


def test_one_waits_for_a_slow_server_and_the_others_are_told_to_come_back(server, slow):
    """R15: or a service whose server hangs would hold every worker of ours."""
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    with ThreadPoolExecutor(1) as asker:
        waiting = asked_by_one(server, who, 0, asker)
        for seconds in (0, 1, 9):
            with pytest.raises(KeysUnavailable):
                encryption_kid(who, seconds)
        assert not waiting.done()
        assert len(server.asked) == 1
        slow.set()
        assert waiting.result(timeout=5) == "ec-enc"
    assert encryption_kid(who, 9) == "ec-enc"
    assert len(server.asked) == 1


def test_the_others_go_on_with_the_keys_that_are_known_meanwhile(server, slow):
    """R15: one renews them, nobody else notices."""
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    wait, server.answer = server.answer, None
    server.publishes(pair(kid="before", use="enc"))
    assert encryption_kid(who) == "before"
    server.answer = wait
    with ThreadPoolExecutor(1) as asker:
        waiting = asked_by_one(server, who, 301, asker)
        for seconds in (301, 305, 310):
            assert encryption_kid(who, seconds) == "before"
        assert not waiting.done()
        assert len(server.asked) == 2
        slow.set()
        assert waiting.result(timeout=5) == "ec-enc"
    assert encryption_kid(who, 310) == "ec-enc"


def test_the_outside_hears_that_it_failed_and_the_log_hears_why(server, settings, caplog):
    """The exception names no address and no cause; the log no key."""
    settings.OIDC_FETCH_FROM_THIS_MACHINE = False
    with caplog.at_level(logging.WARNING), pytest.raises(KeysUnavailable) as failed:
        encryption_kid(client(encryption_alg="ECDH-ES", jwks_uri=server.url))
    assert str(failed.value) == "The client's keys cannot be used."
    assert failed.value.__cause__ is None
    assert [(record.client_id, record.why) for record in caplog.records] == [("service", "not_public")]
    assert server.asked == []


def test_what_else_stands_in_the_document_is_not_remembered(server):
    """A private key that somebody publishes by mistake stays theirs."""
    server.document = {
        "keys": [EC_SIG.export_private(as_dict=True), EC_ENC.export_public(as_dict=True) | {"x5c": ["A"]}]
    }
    who = client(encryption_alg="ECDH-ES", jwks_uri=server.url)
    assert encryption_kid(who) == "ec-enc"
    assert json.loads(
        json.dumps(client_keys.encryption_key(who, now=NOW).export(as_dict=True))
    ) == EC_ENC.export_public(as_dict=True)
    with pytest.raises(KeysUnavailable):
        signature_kid(who, "ec-sig")


def test_a_client_without_keys_has_none():
    with pytest.raises(KeysUnavailable):
        encryption_kid(client(encryption_alg="ECDH-ES"))
    with pytest.raises(KeysUnavailable):
        encryption_kid(client(encryption_alg="ECDH-ES", jwks={"no": "keys"}))
