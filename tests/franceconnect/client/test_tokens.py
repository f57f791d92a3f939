"""What FranceConnect signed, and what only looks like it (FS 8, FS 9; Core, 3.1.3.7)."""

import base64
import hashlib
from collections.abc import Iterator

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK

from franceconnect.client import tokens
from franceconnect.client.tokens import Fault, NotTrusted
from tests.franceconnect.client.published import Published, published

NONCE, ACCESS_TOKEN = "n" * 64, "an access token"
AT_HASH = base64.urlsafe_b64encode(hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]).rstrip(b"=").decode()


@pytest.fixture
def franceconnect(settings) -> Iterator[Published]:
    with published(settings) as made:
        yield made


def claims_of(franceconnect: Published, **changed) -> dict:
    stamp = int(timezone.now().timestamp())
    whole = {
        "iss": franceconnect.issuer, "aud": "msa", "sub": "s" * 66, "nonce": NONCE, "acr": "eidas1",
        "iat": stamp, "exp": stamp + 60, "auth_time": stamp,
    }  # fmt: skip
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def read(token: str) -> dict:
    return tokens.read_id_token(token, nonce=NONCE, access_token=ACCESS_TOKEN, now=timezone.now())


def fault_of(token: str) -> Fault:
    with pytest.raises(NotTrusted) as refused:
        read(token)
    return refused.value.fault


@pytest.mark.parametrize(
    "changed",
    [
        {}, {"acr": "eidas2"}, {"acr": "eidas3"}, {"aud": ["msa"]}, {"aud": ["msa", "other"], "azp": "msa"},
        {"at_hash": AT_HASH}, {"azp": "msa"}, {"amr": ["fc", "pwd"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_us_is_read(franceconnect, changed):
    """FS 8: eidas1 or better; several audiences when we are the authorised party."""
    claims = claims_of(franceconnect, **changed)
    assert read(franceconnect.sign(claims)) == claims


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"iss": "https://other.example"}, Fault.CLAIMS), ({"iss": None}, Fault.CLAIMS), ({"iss": ["x"]}, Fault.CLAIMS),
        ({"aud": "other"}, Fault.CLAIMS), ({"aud": None}, Fault.CLAIMS), ({"aud": []}, Fault.CLAIMS),
        ({"aud": {"msa": 1}}, Fault.CLAIMS), ({"aud": ["msa", "other"]}, Fault.CLAIMS),
        ({"azp": "other"}, Fault.CLAIMS), ({"azp": ["msa"]}, Fault.CLAIMS),
        ({"sub": None}, Fault.CLAIMS), ({"sub": 7}, Fault.CLAIMS), ({"sub": ""}, Fault.CLAIMS),
        ({"exp": None}, Fault.CLAIMS), ({"exp": "soon"}, Fault.CLAIMS), ({"exp": True}, Fault.CLAIMS),
        ({"exp": float("nan")}, Fault.CLAIMS), ({"exp": 0}, Fault.EXPIRED), ({"exp": 1}, Fault.EXPIRED),
        ({"iat": None}, Fault.CLAIMS), ({"iat": 10**12}, Fault.CLAIMS), ({"nbf": 10**12}, Fault.CLAIMS),
        ({"at_hash": "AAAA"}, Fault.CLAIMS), ({"at_hash": 7}, Fault.CLAIMS),
        ({"nonce": None}, Fault.NONCE), ({"nonce": NONCE[1:]}, Fault.NONCE), ({"nonce": [NONCE]}, Fault.NONCE),
        ({"nonce": "é"}, Fault.NONCE),
        ({"acr": None}, Fault.LEVEL), ({"acr": "eidas0"}, Fault.LEVEL), ({"acr": "EIDAS1"}, Fault.LEVEL),
        ({"acr": ["eidas1"]}, Fault.LEVEL),
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_this_request_is_refused(franceconnect, changed, fault):
    """FS 8: one claim at a time."""
    assert fault_of(franceconnect.sign(claims_of(franceconnect, **changed))) is fault


def test_two_clocks_may_differ_by_half_a_minute(franceconnect):
    """FS 8, D: no more than that."""
    stamp = int(timezone.now().timestamp())
    assert read(franceconnect.sign(claims_of(franceconnect, exp=stamp - 20, iat=stamp - 80)))
    assert read(franceconnect.sign(claims_of(franceconnect, iat=stamp + 20)))
    assert fault_of(franceconnect.sign(claims_of(franceconnect, exp=stamp - 40))) is Fault.EXPIRED
    assert fault_of(franceconnect.sign(claims_of(franceconnect, iat=stamp + 40))) is Fault.CLAIMS


def test_a_header_names_the_agreed_alg_and_a_key(franceconnect):
    """FS 8: no kid, another's kid, a key of their own in the header, something critical."""
    claims = claims_of(franceconnect)
    own = JWK.generate(kty="EC", crv="P-256", kid="mine")
    assert fault_of(franceconnect.sign(claims, kid=None)) is Fault.KEY
    assert fault_of(franceconnect.sign(claims, kid="unknown")) is Fault.KEY
    assert fault_of(franceconnect.sign(claims, key=own)) is Fault.SIGNATURE
    inside = franceconnect.sign(claims, key=own, kid="mine", jwk=own.export_public(as_dict=True))
    assert fault_of(inside) is Fault.KEY
    assert fault_of(franceconnect.sign(claims, jku="https://other.example/jwks", key=own)) is Fault.SIGNATURE
    symmetric = JWK.from_password("a secret that both of us know well enough")
    assert fault_of(franceconnect.sign(claims, key=symmetric, alg="HS256")) is Fault.ALG


def test_a_public_key_is_no_secret(franceconnect):
    """FS 8: HS256 with the published key as its secret."""
    public = JWK.from_password(franceconnect.key.export_to_pem().decode())
    assert fault_of(franceconnect.sign(claims_of(franceconnect), key=public, alg="HS256")) is Fault.ALG


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"7", b'"x"', b"{", b"\xff", b"[" * 20_000], ids=lambda payload: repr(payload[:8])
)
def test_what_is_signed_and_is_no_claims_is_refused(franceconnect, payload):
    """FS 8: an empty payload, a list, thousands of brackets."""
    assert fault_of(franceconnect.sign(payload)) is Fault.FORM


@given(st.text(alphabet="aZ0-_.={}\u00e9\n", max_size=80) | st.text(max_size=40))
def test_whatever_is_no_token_is_refused(text):
    """FS 8: before any key is looked for."""
    with pytest.raises(NotTrusted):
        tokens.read_id_token(text, nonce=NONCE, access_token=ACCESS_TOKEN, now=timezone.now())


def test_userinfo_is_held_to_the_same(franceconnect):
    """FS 9: its own signature, for us, now, about the same person."""

    def told(**changed) -> dict:
        token = franceconnect.sign(claims_of(franceconnect, nonce=None, acr=None, **changed))
        return tokens.read_userinfo(token, subject="s" * 66, now=timezone.now())

    assert told(family_name="DUBOIS")["family_name"] == "DUBOIS"
    for changed in (
        {"iss": None},
        {"aud": None},
        {"aud": "other"},
        {"exp": None},
        {"exp": 1},
        {"sub": "x"},
        {"sub": None},
    ):
        with pytest.raises(NotTrusted):
            told(**changed)


def test_a_key_that_was_published_meanwhile_is_found(franceconnect):
    """FS 8: the same kid, another key; asked again once."""
    now = timezone.now()
    assert read(franceconnect.sign(claims_of(franceconnect)))
    new = JWK.generate(kty="EC", crv="P-256", kid=franceconnect.key["kid"], use="sig", alg="ES256")
    franceconnect.server.document["keys"] = [new.export_public(as_dict=True)]
    token = franceconnect.sign(claims_of(franceconnect), key=new)
    assert fault_of(token) is Fault.SIGNATURE
    asked = len(franceconnect.server.asked)
    later = now + timezone.timedelta(seconds=10)
    assert tokens.read_id_token(token, nonce=NONCE, access_token=ACCESS_TOKEN, now=later)
    assert len(franceconnect.server.asked) == asked + 1
