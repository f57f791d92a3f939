"""Reads what somebody else signed, as strictly as OpenID Connect Core 3.1.3.7 and fact A3 ask."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS


class Unverified(Exception):
    """Says which rule did not hold; nothing of the token."""


@dataclass(frozen=True)
class Expected:
    """What a token has to say: who speaks, to whom, when, signed how."""

    issuer: str
    client_id: str
    alg: str
    now: int
    # Seconds by which the two clocks may differ; FranceConnect grants none.
    leeway: int = 0


def id_token(
    token: str, keys: Mapping[str, Any], expected: Expected, *, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of an id_token that is fresh, ours, and of this access token. Raises Unverified."""
    claims = signed(token, keys, alg=expected.alg)
    _has(claims, "iss", "sub", "aud", "exp", "iat")
    _is_for_us(claims, expected)
    _is_of_now(claims, expected)
    if claims.get("nonce") != nonce:
        raise Unverified("nonce")
    if "at_hash" in claims and claims["at_hash"] != half_hash(access_token):
        raise Unverified("at_hash")
    return claims


def userinfo(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """The claims of a userinfo that came as a JWT: what it says of itself is true (A4). Raises Unverified."""
    claims = signed(token, keys, alg=expected.alg)
    _is_for_us({"iss": expected.issuer, "aud": expected.client_id, **claims}, expected)
    _is_of_now(claims, expected)
    return claims


def signed(token: str, keys: Mapping[str, Any], *, alg: str) -> dict[str, Any]:
    """The claims of a JWS by a published key of exactly this algorithm. Raises Unverified."""
    jws = JWS()
    jws.allowed_algs = [alg]
    try:
        jws.deserialize(token)
        head = json.loads(jws.objects["protected"])
        if head.get("alg") != alg:
            raise Unverified("alg")
        jws.verify(_key(keys, kid=head.get("kid"), alg=alg))
        claims = json.loads(jws.payload)
    except (JWException, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Unverified("signature") from fault
    if not isinstance(claims, dict):
        raise Unverified("claims")
    return claims


def half_hash(access_token: str) -> str:
    """Core, 3.1.3.6, for the algorithms that end in 256."""
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()


def _key(keys: Mapping[str, Any], *, kid: object, alg: str) -> JWK:
    kty = "EC" if alg.startswith("ES") else "RSA"
    fit = [
        key
        for key in keys.get("keys", [])
        if key.get("kty") == kty and key.get("use", "sig") == "sig" and key.get("alg", alg) == alg
        if kid is None or key.get("kid") == kid
    ]
    if len(fit) != 1:
        raise Unverified("key")
    return JWK(**fit[0])


def _has(claims: Mapping[str, Any], *names: str) -> None:
    if any(name not in claims for name in names):
        raise Unverified("claims")


def _is_for_us(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims["iss"] != expected.issuer:
        raise Unverified("iss")
    heard = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if expected.client_id not in heard or (len(heard) > 1 and "azp" not in claims):
        raise Unverified("aud")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise Unverified("azp")


def _is_of_now(claims: Mapping[str, Any], expected: Expected) -> None:
    for name in ("exp", "iat", "nbf"):
        if name in claims and (not isinstance(claims[name], int | float) or isinstance(claims[name], bool)):
            raise Unverified(name)
    if "exp" in claims and claims["exp"] <= expected.now - expected.leeway:
        raise Unverified("exp")
    # FranceConnect's library lets an iat of tomorrow pass; our provider promises never to send one (FI 9).
    for name in ("iat", "nbf"):
        if name in claims and claims[name] > expected.now + expected.leeway:
            raise Unverified(name)
