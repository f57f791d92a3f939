"""What FranceConnect publishes of itself: its endpoints and its keys, remembered and refreshed (FS 1, FS 8).

Each document is asked for by one request at a time; the others go on with what is known. What cannot be refreshed
serves a day longer: sign-ins survive a bad hour of one of FranceConnect's servers.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from franceconnect.client import availability, transport
from franceconnect.client.transport import NotAsExpected, Unreachable

logger = logging.getLogger(__name__)

# Seconds. What is told of the life of keys is listened to within these bounds.
SHORTEST, STALE = 300, 86400
# Nobody makes us ask more often than this, whatever kid their tokens name, whatever is broken over there.
ASKED_AGAIN_AFTER = 5
# What we rely on among what Authlib checks: a fault in a part that we never use is no reason to be closed.
RELIED_ON = (
    "response_types_supported",
    "acr_values_supported",
    "token_endpoint_auth_methods_supported",
    "subject_types_supported",
)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
KEY_TYPES = {"ES256": "EC", "RS256": "RSA"}

Key = ECKey | RSAKey


class NotKnown(Exception):
    """What FranceConnect publishes could not be had; `why` says whether it was away or wrong."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Endpoints:
    """Where FranceConnect listens; `end_session` is nothing when it offers no sign-out."""

    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str


@dataclass(frozen=True)
class Known:
    """A document as we remember it, in seconds of the clock; nothing while we have none. `why` is the last failure."""

    document: dict[str, Any] | None = None
    asked_at: float = 0
    fresh_until: float = 0
    why: str = ""

    def is_fresh(self, stamp: float) -> bool:
        return self.document is not None and stamp < self.fresh_until

    @property
    def is_awaited(self) -> bool:
        """Nobody has an answer yet: who comes meanwhile asks as well, there is nothing else to go by."""
        return self.document is None and not self.why

    def may_be_asked(self, stamp: float) -> bool:
        return not 0 <= stamp - self.asked_at < ASKED_AGAIN_AFTER


def endpoints(*, now: datetime) -> Endpoints:
    """Raises NotKnown."""
    told = _document(get_well_known_url(settings.FRANCECONNECT_ISSUER, external=True), _checked, now=now)
    return Endpoints(
        authorization=told["authorization_endpoint"],
        token=told["token_endpoint"],
        userinfo=told["userinfo_endpoint"],
        jwks=told["jwks_uri"],
        end_session=told.get("end_session_endpoint", ""),
    )


def key(kid: str, *, anew: bool = False, now: datetime) -> Key | None:
    """The published key of this name that signs by the agreed alg; `anew` asks again. Raises NotKnown."""
    published = _document(endpoints(now=now).jwks, _keys_only, anew=anew, now=now)
    return next((_imported(each) for each in published["keys"] if each.get("kid") == kid), None)


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    """Discovery, 4.3: the issuer is the one that was asked; and our secret goes nowhere else (B1)."""
    issuer = settings.FRANCECONNECT_ISSUER
    if told.get("issuer") != issuer:
        raise ValueError("another issuer")
    document = OpenIDProviderMetadata(told)
    for name in RELIED_ON:
        getattr(document, f"validate_{name}")()
    if "code" not in told["response_types_supported"]:
        raise ValueError("no code flow")
    addresses = {name: told[name] for name in (*ENDPOINTS, "end_session_endpoint") if name in told}
    if not addresses.keys() >= set(ENDPOINTS):
        raise ValueError("no endpoint")
    # So nothing goes in clear but where settings and checks allow an issuer on this very machine (deploy/).
    if not all(isinstance(each, str) and urlsplit(each)[:2] == urlsplit(issuer)[:2] for each in addresses.values()):
        raise ValueError("not an address")
    return {"issuer": issuer, **addresses}


def _keys_only(told: dict[str, Any]) -> dict[str, Any]:
    """The keys by which tokens may be signed; a key of another kind is nobody's fault (RFC 7517, section 5)."""
    listed = told.get("keys")
    if not isinstance(listed, list):
        raise ValueError("not keys")
    keys = [each for each in listed if isinstance(each, dict) and _signs(each)]
    if not keys:
        raise ValueError("no key")
    return {"keys": keys}


def _signs(each: dict[str, Any]) -> bool:
    alg = settings.FRANCECONNECT_SIGNING_ALG
    if each.get("kty") != KEY_TYPES[alg] or each.get("use", "sig") != "sig" or each.get("alg", alg) != alg:
        return False
    try:
        _imported(each)
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return isinstance(each.get("kid"), str)


def _imported(each: dict[str, Any]) -> Key:
    return JWKRegistry.import_key(each)  # type: ignore[return-value]


def _document(
    url: str, check: Callable[[dict[str, Any]], dict[str, Any]], *, anew: bool = False, now: datetime
) -> dict[str, Any]:
    """What stands there, from memory while it is fresh."""
    # What was kept had been checked for this alg.
    mark = hashlib.sha256(f"{settings.FRANCECONNECT_SIGNING_ALG} {url}".encode()).hexdigest()
    name = f"franceconnect-published:{mark}"
    stamp = now.timestamp()
    known = Known(**cache.get(name, {}))
    if (anew or not known.is_fresh(stamp)) and (known.may_be_asked(stamp) or known.is_awaited):
        known = replace(known, asked_at=stamp)
        _remember(name, known)
        known = _asked(url, check, known, stamp)
        _remember(name, known)
    if known.document is None or stamp >= known.fresh_until + STALE:
        raise NotKnown(known.why)
    return known.document


def _asked(url: str, check: Callable[[dict[str, Any]], dict[str, Any]], known: Known, stamp: float) -> Known:
    try:
        fetched = transport.get_json(url)
        document = check(fetched.told)
    except Unreachable as failed:
        availability.note_failure()
        why = failed.why.value
    except NotAsExpected as odd:
        why = f"odd:{odd.why}"
    except (ValueError, TypeError):
        why = "odd:content"
    else:
        return replace(known, document=document, fresh_until=stamp + _life(fetched.max_age), why="")
    logger.warning("what FranceConnect publishes was not read", extra={"why": why})
    return replace(known, why=why)


def _life(told: int | None) -> float:
    longest = min(settings.FRANCECONNECT_METADATA_LIFE.total_seconds(), 86400)
    return longest if told is None else min(max(told, SHORTEST), longest)


def _remember(name: str, known: Known) -> None:
    cache.set(name, asdict(known), 86400 + STALE)
