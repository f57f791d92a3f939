"""Tokens we sign, as another library (joserfc) reads them, and what we take for a token of ours."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as some
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from jwcrypto.jwk import JWK

from franceconnect import keys
from franceconnect.models import SigningKey
from franceconnect.provider import jose
from tests.signing import pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signing_keys")]

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CLAIMS: dict[str, Any] = {
    "iss": settings.OIDC_ISSUER, "sub": "a-member", "aud": "a-client", "exp": 1, "iat": 0, "name": "Zoé d’Ô 𝕏",
    "address": {"formatted": "1 rue du Verger\n67000 Strasbourg"}, "email_verified": True,
}  # fmt: skip
HS256 = ["HS256", "HS384", "HS512"]


def header_of(token: str) -> dict[str, Any]:
    return json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))


def part(content: Any) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def kid_of(alg: str) -> str:
    return keys.signing_key(alg, now=NOW).kid


def other(alg: str) -> ECKey | RSAKey:
    """Somebody else's key."""
    return ECKey.generate_key("P-256") if alg == "ES256" else RSAKey.generate_key(2048)


# What we sign ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_another_library_reads_what_we_sign(alg: str) -> None:
    """FI 11; Core, 3.1.3.7: by the published key of that name, for that alg only."""
    token = jose.sign(CLAIMS, alg=alg, now=NOW)
    shown = KeySet.import_key_set(keys.published(now=NOW))
    assert jwt.decode(token, shown, algorithms=[alg]).claims == CLAIMS
    assert header_of(token) == {"alg": alg, "kid": kid_of(alg), "typ": "JWT"}
    assert token.isascii()
    assert "=" not in token


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_a_token_of_another_kind_says_so(alg: str) -> None:
    """RFC 8725, 3.11."""
    assert (
        header_of(jose.sign(CLAIMS, alg=alg, now=NOW, typ="token-introspection+jwt"))["typ"]
        == "token-introspection+jwt"
    )


def test_a_signature_is_always_sixty_four_bytes() -> None:
    """RFC 7518, 3.4: numbers are padded; without that one token in 128 would be refused."""
    shown = KeySet.import_key_set(keys.published(now=NOW))
    for number in range(300):
        token = jose.sign({"jti": number}, alg="ES256", now=NOW)
        assert len(token.rpartition(".")[2]) == 86
        assert jwt.decode(token, shown, algorithms=["ES256"]).claims == {"jti": number}


# What we take for ours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_ours_is_known_again_though_it_expired_long_ago(alg: str) -> None:
    """FI 24: hints come back when their member signs out."""
    assert jose.read_own(jose.sign(CLAIMS, alg=alg, now=NOW)) == CLAIMS


@pytest.mark.parametrize("claims", [{}, {"iss": "https://autre.example"}, {"iss": [settings.OIDC_ISSUER]}])
def test_what_another_issuer_is_said_to_have_signed_is_not_ours(claims: dict[str, Any]) -> None:
    assert jose.read_own(jose.sign(claims, alg="ES256", now=NOW)) is None


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_somebody_else_s_signature_under_our_key_s_name_is_refused(alg: str) -> None:
    forger = other(alg)
    header = {"alg": alg, "kid": kid_of(alg), "typ": "JWT"}
    assert jose.read_own(jwt.encode(header, CLAIMS, forger)) is None
    # Nor does a token bring its own key (RFC 7515, 4.1.3).
    assert jose.read_own(jwt.encode({**header, "jwk": forger.as_dict(private=False)}, CLAIMS, forger)) is None


@pytest.mark.parametrize("kid", ["", "unknown", "x\x00y", 7, None, ["a"], {"a": 1}])
def test_a_key_we_do_not_know_is_no_key(kid: Any) -> None:
    token = jose.sign(CLAIMS, alg="ES256", now=NOW)
    _, payload, signature = token.split(".")
    assert jose.read_own(f"{part({'alg': 'ES256', 'kid': kid})}.{payload}.{signature}") is None


def test_a_token_without_a_kid_is_refused() -> None:
    signed = jws.serialize_compact({"alg": "ES256"}, json.dumps(CLAIMS), key_of("ES256"))
    assert jose.read_own(signed) is None


def key_of(alg: str) -> ECKey | RSAKey:
    """Our own private key, in the other library's hands."""
    held = pair(alg).export(as_dict=True)
    return ECKey.import_key(held) if alg == "ES256" else RSAKey.import_key(held)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
@pytest.mark.parametrize("of", ["ES256", "RS256"])
def test_a_token_that_nobody_signed_is_refused(of: str, alg: str) -> None:
    """RFC 8725, 2.1."""
    header = part({"alg": alg, "kid": kid_of(of), "typ": "JWT"})
    assert jose.read_own(f"{header}.{part(CLAIMS)}.") is None
    assert jose.read_own(f"{header}.{part(CLAIMS)}.{part('x')}") is None


@pytest.mark.parametrize("alg", HS256)
@pytest.mark.parametrize("of", ["ES256", "RS256"])
def test_a_public_key_is_nobody_s_secret(of: str, alg: str) -> None:
    """RFC 8725, 2.1: the published key taken for the key of an HMAC, in every form it may be written."""
    public = SigningKey.objects.get(alg=of).public
    pem = JWK(**public).export_to_pem()
    der = JWK(**public).get_op_key("verify").public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    spaced, tight = json.dumps(public).encode(), json.dumps(public, separators=(",", ":")).encode()
    signed = f"{part({'alg': alg, 'kid': public['kid']})}.{part(CLAIMS)}"
    for secret in (pem, pem.strip(), der, spaced, tight):
        mac = hmac.digest(secret, signed.encode(), f"sha{alg[2:]}")
        assert jose.read_own(f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}") is None


@pytest.mark.parametrize(("alg", "named"), [("ES256", "RS256"), ("RS256", "ES256")])
def test_a_key_serves_its_own_alg_only(alg: str, named: str) -> None:
    token = jws.serialize_compact({"alg": alg, "kid": kid_of(named)}, json.dumps(CLAIMS), key_of(alg))
    assert jose.read_own(token) is None


def test_rsa_signs_by_no_other_alg_of_its_family() -> None:
    """PS256 and RS512 by our very key: we never sign so."""
    for alg in ("PS256", "RS512"):
        token = jws.serialize_compact(
            {"alg": alg, "kid": kid_of("RS256")}, json.dumps(CLAIMS), key_of("RS256"), algorithms=["PS256", "RS512"]
        )
        assert jose.read_own(token) is None


def test_changed_shortened_or_dressed_otherwise_it_is_not_ours() -> None:
    token = jose.sign(CLAIMS, alg="ES256", now=NOW)
    header, payload, signature = token.split(".")
    flattened = {"protected": header, "payload": payload, "signature": signature}
    for forged in (
        f"{header}.{part({**CLAIMS, 'sub': 'somebody-else'})}.{signature}",
        f"{header}.{payload}.{signature[:-4]}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        f"{token}.",
        f" {token}",
        f"{token}\n",
        f"{token}=",
        json.dumps(flattened),
        json.dumps({**flattened, "x": "a.b.c"}),
        f"{header}.{'A' * 8000}.{signature}",
    ):
        assert jose.read_own(forged) is None, forged


@pytest.mark.parametrize("payload", ["", "null", "[]", '"text"', "7", "{", "\xff", "[" * 3000])
def test_what_we_signed_is_an_object(payload: str) -> None:
    """Nothing of ours is anything else; a library bug that let one through would not go further."""
    token = jws.serialize_compact({"alg": "ES256", "kid": kid_of("ES256")}, payload, key_of("ES256"))
    assert jose.read_own(token) is None


def test_a_condition_we_do_not_know_is_not_passed_over() -> None:
    """RFC 7515, 4.1.11: `crit`; RFC 7797: an unencoded payload."""
    header = {"alg": "RS256", "kid": kid_of("RS256"), "typ": "JWT"}
    assert jose.read_own(with_our_key(header)) == CLAIMS
    for extra in ({"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": "x"}):
        assert jose.read_own(with_our_key({**header, **extra})) is None, extra


def with_our_key(header: dict[str, Any]) -> str:
    """A true RS256 signature under any header, which libraries refuse to make."""
    signed = f"{part(header)}.{part(CLAIMS)}"
    signature = pair("RS256").get_op_key("sign").sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@given(some.text())
@example("")
@example("..")
@example("{}.{}.{}")
@example("e30.e30.e30")
@example("\ud800.a.b")
def test_no_text_makes_it_stumble(text: str) -> None:
    """Hints come from anybody's links: whatever stands there is ours or nothing."""
    assert jose.read_own(text) is None


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADERS = JSON | some.fixed_dictionaries(
    {},
    optional={
        "alg": some.sampled_from(["ES256", "RS256", "none", "HS256", "PS256", "dir", "EdDSA"]) | JSON,
        "kid": some.sampled_from([pair("ES256").thumbprint(), pair("RS256").thumbprint(), "?"]) | JSON,
        "typ": JSON, "crit": JSON, "b64": JSON, "jwk": JSON, "jku": JSON, "x5c": JSON, "zip": JSON, "cty": JSON,
    },
)  # fmt: skip


@given(HEADERS, JSON, some.binary(max_size=300))
def test_no_header_payload_and_signature_make_it_stumble(header: Any, payload: Any, signature: bytes) -> None:
    written = urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert jose.read_own(f"{part(header)}.{part(payload)}.{written}") is None
