"""Owns the hub's signing keys: made at start-up, published, rotated by a knob (facts B3)."""

import threading
from typing import Any

from jwcrypto.jwk import JWK

ALGS = ("ES256", "RS256")
PARAMETERS: dict[str, dict[str, Any]] = {
    "ES256": {"kty": "EC", "crv": "P-256"},
    "RS256": {"kty": "RSA", "size": 2048},
}
_lock = threading.Lock()
_made = 0


def make(alg: str) -> JWK:
    """Named as FranceConnect names those in its hardware module; the first of an alg has no number."""
    global _made
    with _lock:
        _made += 1
        number = f":{_made}" if _made > len(ALGS) else ""
    return JWK.generate(**PARAMETERS[alg], use="sig", alg=alg, kid=f"pkcs11:{alg}:hsm{number}")


# The one that signs comes first; those before it stay published.
_first = {alg: make(alg) for alg in ALGS}
_ring = {alg: [key] for alg, key in _first.items()}


def signing(alg: str) -> JWK:
    return _ring[alg][0]


def rotate(alg: str) -> JWK:
    """A new key signs from now on."""
    key = make(alg)
    with _lock:
        _ring[alg] = [key, *_ring[alg]][:2]
    return key


def reset() -> None:
    """Those of the start sign again; the others are published no more."""
    with _lock:
        for alg, key in _first.items():
            _ring[alg] = [key]


def published() -> list[dict[str, Any]]:
    return [key.export_public(as_dict=True) for alg in ALGS for key in _ring[alg]]


def by_kid(kid: str) -> JWK | None:
    return next((key for alg in ALGS for key in _ring[alg] if key["kid"] == kid), None)
