"""What a relying party checks in a token before it believes it, as strictly as the strictest client we know.

The clock has no tolerance (facts A3), the algorithm is the one that was agreed on, the key the one that is published.
"""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

KEY_TYPES = {"ES256": "EC", "RS256": "RSA"}
REQUIRED = ("iss", "sub", "aud", "exp", "iat")
CONTENT_ENCRYPTION = "A256GCM"


class Unacceptable(Exception):
    """A token that must not be believed."""


@dataclass(frozen=True)
class Expected:
    """What the id_token has to say for this sign-in."""

    issuer: str
    client_id: str
    alg: str
    nonce: str | None = None
    max_age: int | None = None
    access_token: str = ""


def header_of(token: str) -> dict[str, Any]:
    """The protected header, unverified."""
    encoded = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def claims_of(token: str) -> dict[str, Any]:
    """The payload, unverified: for tests that look at what stands in it."""
    encoded = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def verified(token: str, *, alg: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a token signed with this algorithm by exactly one of these keys."""
    header = header_of(token)
    if header.get("alg") != alg:
        raise Unacceptable(f"signed with {header.get('alg')}, not {alg}")
    fitting = [key for key in jwks["keys"] if _fits(key, alg, header.get("kid"))]
    if len(fitting) != 1:
        raise Unacceptable(f"{len(fitting)} published keys fit")
    try:
        return jwt.decode(token, import_key(fitting[0]), algorithms=[alg]).claims
    except (JoseError, ValueError) as error:
        raise Unacceptable(f"the signature does not hold: {error}") from error


def _fits(key: Mapping[str, Any], alg: str, kid: str | None) -> bool:
    same = {"kty": KEY_TYPES[alg], "use": "sig", "alg": alg, "kid": kid}
    return all(value is None or key.get(name, value) == value for name, value in same.items())


def decrypted(token: str, *, alg: str, key: Key) -> str:
    """What stands in a JWE for this key; sign first, then encrypt (A4)."""
    header = header_of(token)
    if (header.get("alg"), header.get("enc")) != (alg, CONTENT_ENCRYPTION):
        raise Unacceptable(f"encrypted with {header.get('alg')} and {header.get('enc')}")
    if header.get("cty", "").upper() != "JWT":
        raise Unacceptable("a nested token is announced as one (RFC 7519, 5.2)")
    try:
        opened = jwe.decrypt_compact(token, key, algorithms=[alg, CONTENT_ENCRYPTION])
    except (JoseError, ValueError) as error:
        raise Unacceptable(f"cannot be opened: {error}") from error
    assert opened.plaintext is not None
    return opened.plaintext.decode()


def validated(claims: Mapping[str, Any], expected: Expected, *, now: int | None = None) -> None:
    """OpenID Connect Core, 3.1.3.7, to the second."""
    now = int(time.time()) if now is None else now
    if missing := [name for name in REQUIRED if name not in claims]:
        raise Unacceptable(f"without {' '.join(missing)}")
    if claims["iss"] != expected.issuer:
        raise Unacceptable(f"issued by {claims['iss']}")
    _check_audience(claims, expected.client_id)
    _check_times(claims, expected, now)
    if claims.get("nonce") != expected.nonce:
        raise Unacceptable("another nonce")
    if "at_hash" in claims and claims["at_hash"] != left_half_hash(expected.access_token):
        raise Unacceptable("at_hash is of another access token")
    if not (isinstance(claims["sub"], str) and claims["sub"].isascii() and 0 < len(claims["sub"]) <= 255):
        raise Unacceptable("sub is not up to 255 ASCII characters")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if client_id not in audience:
        raise Unacceptable(f"meant for {audience}")
    if len(audience) > 1 and "azp" not in claims:
        raise Unacceptable("several audiences without azp")
    if claims.get("azp", client_id) != client_id:
        raise Unacceptable(f"authorised for {claims['azp']}")


def _check_times(claims: Mapping[str, Any], expected: Expected, now: int) -> None:
    for name in ("exp", "iat", "nbf", "auth_time"):
        if name in claims and (not isinstance(claims[name], int) or isinstance(claims[name], bool)):
            raise Unacceptable(f"{name} is no number of seconds")
    if claims["exp"] <= now:
        raise Unacceptable("expired")
    if claims["iat"] > now or claims.get("nbf", now) > now or claims.get("auth_time", now) > now:
        raise Unacceptable("from the future")
    if expected.max_age is not None:
        if "auth_time" not in claims:
            raise Unacceptable("without auth_time although max_age was sent")
        if claims["auth_time"] + expected.max_age < now:
            raise Unacceptable("the sign-in is older than max_age")


def left_half_hash(value: str) -> str:
    """Core, 3.1.3.6, for the algorithms with SHA-256."""
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode("ascii")).digest()[:16]).rstrip(b"=").decode()
