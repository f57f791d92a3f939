"""The hub's own encryption keys, for an identity provider that seals its tokens (facts A1, A4)."""

import json
import threading
from typing import Any

from jwcrypto.jwk import JWK

KINDS: dict[str, dict[str, Any]] = {
    "RSA-OAEP-256": {"kty": "RSA", "size": 2048},
    "ECDH-ES": {"kty": "EC", "crv": "P-256"},
}
_lock = threading.Lock()
_kept: dict[str, JWK] = {}


def _made() -> dict[str, JWK]:
    """By algorithm, made once by each process: an RSA key takes a while, and few ask for it."""
    with _lock:
        if not _kept:
            for alg, kind in KINDS.items():
                _kept[alg] = JWK.generate(**kind, use="enc", alg=alg, kid=f"fc:{alg}")
        return _kept


def public() -> dict[str, Any]:
    """The JWKS that the identity provider reads."""
    return {"keys": [json.loads(key.export_public()) for key in _made().values()]}


def private(alg: str) -> JWK:
    return _made()[alg]
