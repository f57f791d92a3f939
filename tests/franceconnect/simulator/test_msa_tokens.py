"""What FranceConnect takes from MSA and what not, fault by fault; signed and sealed by another library (A3 to A5)."""

import json
import time
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey, import_key

from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.identity_provider import keys, tokens
from franceconnect.simulator.identity_provider.tokens import JSON, JWT, Registered
from franceconnect.simulator.verification import Expected, half_hash

ISSUER, CLIENT, NONCE, ACCESS_TOKEN = "https://msa.example", "franceconnect", "n" * 64, "an-access-token"
NOW = int(time.time())
SIGNS = {
    "ES256": ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"}),
    "RS256": RSAKey.generate_key(2048, {"kid": "r", "use": "sig", "alg": "RS256"}),
}
STRANGER = ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"})
JWKS = {"keys": [key.as_dict(private=False) for key in SIGNS.values()]}
GOOD = {
    "iss": ISSUER, "sub": "abc", "aud": CLIENT, "iat": NOW, "exp": NOW + 60, "nonce": NONCE, "acr": "eidas1",
    "amr": ["pwd"], "auth_time": NOW,
}  # fmt: skip
SOMEBODY = {
    "sub": "abc", "given_name": "Loïc André", "family_name": "GARCIN", "birthdate": "1985-10-11", "gender": "male",
    "birthplace": "13201", "birthcountry": "99100", "email": "loic.garcin@example.org",
}  # fmt: skip
PLAIN = Registered("ES256", "jwt", "")


def expected(alg: str = "ES256") -> Expected:
    return Expected(ISSUER, CLIENT, alg, NOW)


def signed(claims: dict[str, Any], *, alg: str = "ES256", key: Any = None, kid: str = "") -> str:
    head = {"alg": alg, "kid": kid or {"ES256": "e", "RS256": "r"}.get(alg, "h")}
    return jwt.encode(head, claims, key or SIGNS[alg], algorithms=[alg])


def without(name: str) -> dict[str, Any]:
    return {claim: value for claim, value in GOOD.items() if claim != name}


def answer(id_token: Any, **others: Any) -> dict[str, Any]:
    return {"access_token": ACCESS_TOKEN, "id_token": id_token, "token_type": "Bearer", **others}


def check(given: dict[str, Any], registered: Registered = PLAIN) -> tokens.Tokens:
    return tokens.check(given, JWKS, expected(registered.alg), registered, nonce=NONCE)


def code_of(call: Any, *args: Any) -> tuple[str, int]:
    with pytest.raises(HubRefused) as refused:
        call(*args)
    return refused.value.code, refused.value.status


def test_an_id_token_as_msa_makes_them_is_taken():
    """A3."""
    had = check(answer(signed(GOOD)))
    assert (had.access_token, had.acr, had.claims["sub"]) == (ACCESS_TOKEN, "eidas1", "abc")


def test_with_rs256_when_that_is_how_msa_is_registered():
    """A4."""
    assert check(answer(signed(GOOD, alg="RS256")), Registered("RS256", "jwt", "")).acr == "eidas1"


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "abc",
        "a.b.c",
        signed(GOOD, alg="RS256"),
        signed(GOOD, key=STRANGER),
        signed(GOOD, kid="nobody's"),
        signed(GOOD, alg="HS256", key=OctKey.import_key("s" * 32)),
        signed(GOOD)[:-4] + "AAAA",
        "eyJhbGciOiJub25lIn0." + signed(GOOD).split(".")[1] + ".",
        *(signed(without(name)) for name in ("iss", "sub", "aud", "exp", "iat", "nonce")),
        signed({**GOOD, "iss": f"{ISSUER}/"}),
        signed({**GOOD, "aud": "somebody-else"}),
        signed({**GOOD, "aud": [CLIENT, "somebody-else"]}),
        signed({**GOOD, "azp": "somebody-else"}),
        signed({**GOOD, "exp": NOW}),
        signed({**GOOD, "exp": str(NOW + 60)}),
        signed({**GOOD, "iat": str(NOW)}),
        signed({**GOOD, "iat": NOW + 1}),
        signed({**GOOD, "nbf": NOW + 1}),
        signed({**GOOD, "nonce": "m" * 64}),
        signed({**GOOD, "at_hash": half_hash("another-access-token")}),
    ],
    ids=[
        "none", "empty", "no JWT", "no JWS", "RS256", "a key of nobody's", "unknown kid", "HS256", "signature",
        "not signed", "no iss", "no sub", "no aud", "no exp", "no iat", "no nonce", "iss with a slash", "aud",
        "two aud and no azp", "azp", "over this very second", "exp as text", "iat as text", "iat of the next second",
        "nbf of the next second", "nonce", "at_hash",
    ],
)  # fmt: skip
def test_an_id_token_with_a_fault_is_not_taken(token):
    """A3: no clock tolerance, no other algorithm than the registered one, no key that is not published."""
    assert code_of(check, answer(token)) == ("Y020026", 502)


def test_no_access_token_is_no_answer():
    """A3."""
    given = answer(signed(GOOD))
    del given["access_token"]
    assert code_of(check, given) == ("Y020026", 502)


@pytest.mark.parametrize(
    "extra",
    [{"at_hash": half_hash(ACCESS_TOKEN)}, {"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}, {"nbf": NOW}],
    ids=["at_hash", "aud as a list", "two aud and azp", "nbf"],
)
def test_what_a_provider_may_add_is_taken(extra):
    """A3."""
    assert check(answer(signed({**GOOD, **extra}))).claims["sub"] == "abc"


@pytest.mark.parametrize(
    ("claims", "others"),
    [
        ({**GOOD, "acr": "https://eidas.europa.eu/low"}, {}),
        ({**GOOD, "acr": "eidas-1"}, {}),
        ({**GOOD, "acr": ""}, {}),
        ({**GOOD, "acr": 1}, {}),
        ({**GOOD, "amr": "pwd"}, {}),
        ({**GOOD, "amr": [1]}, {}),
        (GOOD, {"access_token": "jeton-é"}),
        (GOOD, {"access_token": ""}),
        (GOOD, {"refresh_token": "é"}),
    ],
    ids=[
        "URN",
        "hyphen",
        "empty acr",
        "number",
        "amr as text",
        "amr of numbers",
        "not ASCII",
        "empty token",
        "refresh",
    ],
)
def test_tokens_without_their_form_are_refused(claims, others):
    """A3: an alphanumeric level, a list of words, ASCII tokens."""
    assert code_of(check, answer(signed(claims), **others)) == ("Y020030", 500)


def test_no_level_at_all_is_left_to_the_level_s_own_check():
    """A6: Y100002 and not Y020030."""
    assert check(answer(signed(without("acr")))).acr == ""


def identity(media_type: str, body: str, registered: Registered = PLAIN) -> dict[str, Any]:
    return tokens.identity(media_type, body, JWKS, expected(registered.alg), registered, sub="abc")


@pytest.mark.parametrize(
    "extra", [{}, {"iss": ISSUER, "aud": CLIENT, "iat": NOW, "exp": NOW + 60}], ids=["bare", "full"]
)
def test_a_signed_userinfo_is_taken(extra):
    """A4: iss, aud, exp and iat hold when they are there; none has to be."""
    assert identity(JWT, signed({**SOMEBODY, **extra}))["family_name"] == "GARCIN"


def test_a_plain_userinfo_is_taken_when_that_was_agreed_on():
    """A4."""
    assert identity(JSON, json.dumps(SOMEBODY), Registered("ES256", "json", ""))["family_name"] == "GARCIN"


@pytest.mark.parametrize(
    ("media_type", "body", "userinfo"),
    [
        (JSON, json.dumps(SOMEBODY), "jwt"),
        (JWT, signed(SOMEBODY), "json"),
        (JSON, signed(SOMEBODY), "json"),
        (JWT, json.dumps(SOMEBODY), "jwt"),
        (JSON, "[]", "json"),
        (JSON, "<html>", "json"),
        (JWT, signed(SOMEBODY, alg="RS256"), "jwt"),
        (JWT, signed(SOMEBODY, key=STRANGER), "jwt"),
        (JWT, signed({**SOMEBODY, "aud": "somebody-else"}), "jwt"),
        (JWT, signed({**SOMEBODY, "iss": "https://ailleurs.example"}), "jwt"),
        (JWT, signed({**SOMEBODY, "exp": NOW}), "jwt"),
        (JWT, signed({**SOMEBODY, "sub": "abd"}), "jwt"),
        ("text/html", signed(SOMEBODY), "jwt"),
    ],
    ids=[
        "JSON for a JWT", "JWT for JSON", "JWT called JSON", "JSON called JWT", "a list", "a page", "RS256", "stranger",
        "aud", "iss", "over", "another sub", "text",
    ],
)  # fmt: skip
def test_a_userinfo_in_another_form_is_refused(media_type, body, userinfo):
    """A4: as the client is registered, and no other way."""
    assert code_of(identity, media_type, body, Registered("ES256", userinfo, "")) == ("Y020027", 502)


def test_a_userinfo_without_sub_has_a_code_of_its_own():
    """A5."""
    nobody = {name: value for name, value in SOMEBODY.items() if name != "sub"}
    assert code_of(identity, JWT, signed(nobody)) == ("Y020029", 500)


def test_an_identity_that_breaks_a_rule_blocks_the_visitor():
    """A5; the rules one by one: test_identity_check."""
    assert code_of(identity, JWT, signed({**SOMEBODY, "birthplace": "1320"})) == ("Y600006", 400)
    not_ascii = tokens.identity, JWT, signed({**SOMEBODY, "sub": "é"}), JWKS, expected(), PLAIN
    with pytest.raises(HubRefused, match="Y600006"):
        not_ascii[0](*not_ascii[1:], sub="é")


def sealed(token: str, *, alg: str, enc: str = "A256GCM", cty: str = "JWT") -> str:
    (key,) = (each for each in keys.public()["keys"] if each["alg"] == alg)
    head = {"alg": alg, "enc": enc, "kid": key["kid"], "cty": cty}
    return jwe.encrypt_compact(head, token.encode(), import_key(key), algorithms=[alg, enc])


@pytest.mark.parametrize("alg", ["RSA-OAEP-256", "ECDH-ES"])
def test_sealed_tokens_are_opened_with_the_hub_s_own_keys(alg):
    """A4: signed, then sealed; what is kept as a hint for the end is the open one."""
    registered = Registered("ES256", "jwt", alg)
    token = signed(GOOD)
    assert check(answer(sealed(token, alg=alg)), registered).id_token == token
    assert identity(JWT, sealed(signed(SOMEBODY), alg=alg), registered)["family_name"] == "GARCIN"


@pytest.mark.parametrize(
    "token",
    [
        signed(GOOD),
        sealed(signed(GOOD), alg="RSA-OAEP-256"),
        sealed(signed(GOOD), alg="ECDH-ES", enc="A128GCM"),
        sealed(signed(GOOD), alg="ECDH-ES", cty="json"),
        sealed("not signed", alg="ECDH-ES"),
        sealed(signed(GOOD), alg="ECDH-ES")[:-3] + "AAA",
    ],
    ids=["not sealed", "another algorithm", "another enc", "no JWT inside", "not signed inside", "tag"],
)
def test_a_seal_that_was_not_agreed_on_is_refused(token):
    """A4."""
    assert code_of(check, answer(token), Registered("ES256", "jwt", "ECDH-ES")) == ("Y020026", 502)


def test_a_sealed_token_that_nobody_agreed_on_is_refused():
    """A4: FranceConnect low as it is today, encryption off."""
    assert code_of(check, answer(sealed(signed(GOOD), alg="ECDH-ES"))) == ("Y020026", 502)


def test_the_published_keys_hold_nothing_private():
    """A1."""
    private = {"d", "p", "q", "dp", "dq", "qi", "k"}
    assert [key["alg"] for key in keys.public()["keys"]] == ["RSA-OAEP-256", "ECDH-ES"]
    assert not any(private & set(key) for key in keys.public()["keys"])
