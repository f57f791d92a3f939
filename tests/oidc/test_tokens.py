"""The relying party of our tests refuses what it must refuse: its word is worth something."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, RSAKey

from tests.oidc.tokens import Expected, Unacceptable, decrypted, left_half_hash, validated, verified

NOW = 1_772_440_200
EXPECTED = Expected("https://msa.example", "service", "ES256", nonce="n", access_token="a")
CLAIMS = {
    "iss": "https://msa.example", "sub": "s", "aud": "service", "iat": NOW, "exp": NOW + 60, "nonce": "n",
    "auth_time": NOW,
}  # fmt: skip
KEY = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig", "alg": "ES256"})
OTHER = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig", "alg": "ES256"})
RSA = RSAKey.generate_key(2048, {"kid": "k2"})


def jwks(*keys: Any) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def test_a_good_token_is_believed():
    token = jwt.encode({"alg": "ES256", "kid": "k1"}, CLAIMS, KEY)
    claims = verified(token, alg="ES256", jwks=jwks(RSA, KEY))
    validated({**claims, "at_hash": left_half_hash("a")}, EXPECTED, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://msa.example/"}, {"aud": "another"}, {"aud": ["service", "another"]}, {"azp": "another"},
        {"nonce": "m"}, {"nonce": None}, {"exp": NOW}, {"exp": str(NOW + 60)}, {"iat": NOW + 1}, {"nbf": NOW + 1},
        {"auth_time": NOW + 1}, {"auth_time": float(NOW)}, {"iat": True}, {"sub": ""}, {"sub": "é"},
        {"sub": "s" * 256}, {"sub": 12}, {"at_hash": left_half_hash("b")},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_claim_is_refused(change):
    with pytest.raises(Unacceptable):
        validated({**CLAIMS, **change}, EXPECTED, now=NOW)


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_missing_claim_is_refused(name):
    with pytest.raises(Unacceptable):
        validated({key: value for key, value in CLAIMS.items() if key != name}, EXPECTED, now=NOW)


@pytest.mark.parametrize("auth_time", [{"auth_time": NOW - 11}, {}], ids=["too old", "missing"])
def test_max_age_is_held_against_auth_time(auth_time):
    claims = {name: value for name, value in CLAIMS.items() if name != "auth_time"} | auth_time
    with pytest.raises(Unacceptable):
        validated(claims, Expected("https://msa.example", "service", "ES256", nonce="n", max_age=10), now=NOW)


def unsigned(claims: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "kid": "k1"}, claims))
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode({"alg": "ES256", "kid": "k1"}, CLAIMS, OTHER),
        jwt.encode({"alg": "ES256", "kid": "k9"}, CLAIMS, KEY),
        jwt.encode({"alg": "RS256", "kid": "k2"}, CLAIMS, RSA),
        unsigned(CLAIMS),
    ],
    ids=["another key", "an unknown kid", "another algorithm", "no signature"],
)
def test_a_token_that_our_key_did_not_sign_is_refused(token):
    with pytest.raises(Unacceptable):
        verified(token, alg="ES256", jwks=jwks(KEY, RSA))


def test_without_a_kid_two_fitting_keys_are_one_too_many():
    token = jwt.encode({"alg": "ES256"}, CLAIMS, KEY)
    assert verified(token, alg="ES256", jwks=jwks(KEY)) == CLAIMS
    with pytest.raises(Unacceptable):
        verified(token, alg="ES256", jwks=jwks(KEY, OTHER))


def test_what_is_encrypted_for_somebody_else_or_otherwise_is_refused():
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}
    algorithms = ["RSA-OAEP-256", "RSA-OAEP", "A256GCM", "A128GCM"]
    stranger = RSAKey.generate_key(2048)

    def sealed(key: RSAKey = RSA, **changes: str) -> str:
        return jwe.encrypt_compact({**header, **changes}, b"x.y.z", key, algorithms=algorithms)

    assert decrypted(sealed(), alg="RSA-OAEP-256", key=RSA) == "x.y.z"
    for token in (sealed(stranger), sealed(alg="RSA-OAEP"), sealed(enc="A128GCM"), sealed(cty="text")):
        with pytest.raises(Unacceptable):
            decrypted(token, alg="RSA-OAEP-256", key=RSA)
