"""Tokens we sign, and how we know our own again (RFC 7515, 7518, 7519)."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from jwcrypto.common import JWException
from jwcrypto.jws import JWS

from franceconnect import keys
from franceconnect.ring import LoadedKey

# Compact, never JSON; ours are under 2 kB, and nobody makes us parse more than four times that.
COMPACT = re.compile(r"[\w-]{1,1024}\.[\w-]{1,6144}\.[\w-]{1,1024}", re.ASCII)


def sign(claims: dict[str, Any], *, alg: str, now: datetime, typ: str = "JWT") -> str:
    """A compact JWS by the key that signs now (RFC 7515, section 7.1).

    Put together here, on the keys that jwcrypto loaded: ES256 takes 0.02 ms and RS256 0.23, instead of its 0.07 and
    0.28, at two signatures for each sign-in.
    """
    key = keys.signing_key(alg, now=now)
    signed = _head(key.kid, alg, typ) + b"." + _encoded(json.dumps(claims, separators=(",", ":")).encode())
    return (signed + b"." + _encoded(_signature(key, signed))).decode()


@lru_cache(maxsize=64)
def _head(kid: str, alg: str, typ: str) -> bytes:
    return _encoded(json.dumps({"alg": alg, "kid": kid, "typ": typ}, separators=(",", ":")).encode())


def _signature(key: LoadedKey, signed: bytes) -> bytes:
    """RFC 7518, sections 3.3 and 3.4: an ECDSA signature is its two numbers, 32 bytes each."""
    private = key.jwk.get_op_key("sign")
    if key.alg == "RS256":
        return private.sign(signed, PKCS1v15(), SHA256())
    r, s = decode_dss_signature(private.sign(signed, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _encoded(plain: bytes) -> bytes:
    return urlsafe_b64encode(plain).rstrip(b"=")


def read_own(token: str) -> dict[str, Any] | None:
    """The claims of a token that we signed, expired or not, by any key we ever had; of anything else, None.

    The key is found by its name and says which alg it is for: what the token says about that is not listened to
    (RFC 8725, section 3.1).
    """
    if not COMPACT.fullmatch(token):
        return None
    parsed = JWS()
    try:
        parsed.deserialize(token)
        key = keys.verification_key(parsed.jose_header["kid"])
        if key is None:
            return None
        parsed.allowed_algs = [key["alg"]]
        parsed.verify(key, alg=key["alg"])
        claims = json.loads(parsed.payload)
    except (JWException, ValueError, TypeError, KeyError, RecursionError):
        return None
    return claims if isinstance(claims, dict) and claims.get("iss") == settings.OIDC_ISSUER else None
