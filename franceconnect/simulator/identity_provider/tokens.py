"""Owns what the hub makes of MSA's answers, tokens then userinfo, or FranceConnect's code of refusal (A3 to A5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwe import JWE

from franceconnect.simulator import identity_check, verification
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.identity_provider import keys as our_keys
from franceconnect.simulator.verification import Expected, Unverified

ENC = "A256GCM"
JWT, JSON = "application/jwt", "application/json"


@dataclass(frozen=True)
class Registered:
    """How the hub is registered at MSA, as the knobs stand: what its tokens must be like (fact A4)."""

    alg: str
    userinfo: str  # jwt, json
    encryption: str  # "", or an algorithm of keys.py


@dataclass(frozen=True, repr=False)
class Tokens:
    """What the token endpoint gave; `id_token` is signed and open, as a hint at the end has to be."""

    access_token: str
    id_token: str
    claims: Mapping[str, Any]

    @property
    def acr(self) -> str:
        return str(self.claims.get("acr", ""))


def check(
    answer: Mapping[str, Any], jwks: Mapping[str, Any], expected: Expected, registered: Registered, *, nonce: str
) -> Tokens:
    """Raises HubRefused: Y020026 when the id_token does not hold, Y020030 when what is in it has not its form."""
    access_token, raw = answer.get("access_token"), answer.get("id_token")
    if not isinstance(raw, str) or not isinstance(access_token, str):
        raise HubRefused("Y020026", 502)
    try:
        token = opened(raw, registered)
        claims = verification.id_token(token, jwks, expected, nonce=nonce, access_token=access_token)
    except Unverified:
        raise HubRefused("Y020026", 502) from None
    if not has_its_form(answer, claims):
        raise HubRefused("Y020030", 500)
    return Tokens(access_token, token, claims)


def has_its_form(answer: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """ASCII tokens, an alphanumeric level, amr a list of words. No level at all is refused further on (fact A6)."""
    acr, amr = claims.get("acr"), claims.get("amr", [])
    return (
        is_ascii(answer["access_token"])
        and ("refresh_token" not in answer or is_ascii(answer["refresh_token"]))
        and (acr is None or (isinstance(acr, str) and acr.isascii() and acr.isalnum()))
        and isinstance(amr, list)
        and all(isinstance(way, str) for way in amr)
    )


def is_ascii(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isascii()


def identity(
    media_type: str, body: str, jwks: Mapping[str, Any], expected: Expected, registered: Registered, *, sub: str
) -> dict[str, Any]:
    """The claims of userinfo in the form that was registered. Raises HubRefused: Y020027, Y020029, Y600006."""
    claims = _read(media_type, body, jwks, expected, registered)
    if not claims.get("sub"):
        raise HubRefused("Y020029", 500)
    if claims["sub"] != sub:
        raise HubRefused("Y020027", 502)
    if not is_ascii(claims["sub"]) or identity_check.broken(claims):
        raise HubRefused("Y600006", 400)
    return claims


def _read(
    media_type: str, body: str, jwks: Mapping[str, Any], expected: Expected, registered: Registered
) -> dict[str, Any]:
    signed = registered.userinfo == "jwt" or bool(registered.encryption)
    if media_type != (JWT if signed else JSON):
        raise HubRefused("Y020027", 502)
    try:
        claims = verification.userinfo(opened(body, registered), jwks, expected) if signed else json.loads(body)
    except (Unverified, ValueError):
        raise HubRefused("Y020027", 502) from None
    if not isinstance(claims, dict):
        raise HubRefused("Y020027", 502)
    return claims


def opened(token: str, registered: Registered) -> str:
    """The JWS in a JWE for us; the token itself where none was agreed on. Raises Unverified."""
    if not registered.encryption:
        return token
    sealed = JWE()
    sealed.allowed_algs = [registered.encryption, ENC]
    try:
        sealed.deserialize(token, our_keys.private(registered.encryption))
    except (JWException, ValueError):
        raise Unverified("encryption") from None
    if sealed.jose_header.get("cty") != "JWT":
        raise Unverified("cty")
    return str(sealed.payload.decode())
