"""A client's JWK Set as a value: only public keys we can use come out of it (RFC 7517)."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jwcrypto.common import JWException, base64url_decode
from jwcrypto.jwk import JWK

PUBLIC = ("kty", "n", "e", "crv", "x", "y", "kid", "use", "alg")
SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# From what is still safe to what does not cost a worker its second.
RSA_BYTES = range(2048 // 8, 4096 // 8 + 1)
KEY_TYPE = {"RSA-OAEP-256": "RSA", "ECDH-ES": "EC", "RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
SIGNATURES = ("ES256", "RS256", "PS256")
MOST, LARGEST = 50, 64 * 1024


class NotKeys(Exception):
    """This is no JWK Set."""


def parse(document: Any) -> tuple[JWK, ...]:
    """The usable public keys; what we do not understand is passed over (RFC 7517, section 5). Raises NotKeys."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise NotKeys
    return _parsed(json.dumps(document["keys"][:MOST]))


def refuse_unstorable(document: Any) -> None:
    """What no column of JSON takes (NUL, half a letter, no number) or nobody's keys need. Raises NotKeys."""
    try:
        size = len(json.dumps(document, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise NotKeys from None
    if size > LARGEST or "\\u0000" in json.dumps(document):
        raise NotKeys


def holds_secrets(document: dict[str, Any]) -> bool:
    """Whether somebody gave us a private or a shared key, which is theirs to keep."""
    return any(isinstance(key, dict) and SECRET & set(key) for key in document["keys"])


@lru_cache(maxsize=64)
def _parsed(keys: str) -> tuple[JWK, ...]:
    return tuple(key for each in json.loads(keys) if (key := _usable(each)))


def _usable(members: Any) -> JWK | None:
    if not isinstance(members, dict) or SECRET & set(members):
        return None
    known = {name: members[name] for name in PUBLIC if name in members}
    if not all(isinstance(value, str) for value in known.values()):
        return None
    try:
        if known.get("kty") == "RSA":
            if len(base64url_decode(known["n"])) not in RSA_BYTES or len(base64url_decode(known["e"])) > 4:
                return None
        elif known.get("kty") != "EC" or known.get("crv") not in ("P-256", "P-384", "P-521"):
            return None
        key = JWK(**known)
        key.export_to_pem()  # a point beside the curve shows here
    except (JWException, ValueError, KeyError, TypeError):
        return None
    return key


def for_encryption(keys: Iterable[JWK], alg: str) -> JWK | None:
    """The first key to encrypt to with `alg`; one that says so before one that says nothing."""
    fitting = [key for key in keys if _fits(key, "enc", alg)]
    return next(iter(sorted(fitting, key=lambda key: key.get("use") != "enc")), None)


def for_signature(keys: Iterable[JWK], kid: str | None, alg: str) -> JWK | None:
    """The key that a signature names. Without a kid it has to be the only one that fits (Core, 10.1)."""
    fitting = [key for key in keys if _fits(key, "sig", alg) and (alg != "ES256" or key.get("crv") == "P-256")]
    if kid is not None:
        return next((key for key in fitting if key.get("kid") == kid), None)
    return fitting[0] if len(fitting) == 1 else None


def can_sign(key: JWK) -> bool:
    """Whether one of the signatures we take may be this key's."""
    return any(for_signature([key], None, alg) for alg in SIGNATURES)


def _fits(key: JWK, use: str, alg: str) -> bool:
    return key.get("kty") == KEY_TYPE.get(alg) and key.get("use") in (None, use) and key.get("alg") in (None, alg)
