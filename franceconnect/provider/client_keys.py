"""The public keys of a client: those it registered, or those at its jwks_uri (Core, 10; Registration, 2)."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.core.cache import cache
from jwcrypto.jwk import JWK

from franceconnect import public_keys
from franceconnect.models import Client
from franceconnect.provider.fetching import Fetched, FetchRefused, fetch_json

logger = logging.getLogger(__name__)

# Seconds. What a server says of the life of its keys is listened to within these bounds.
SHORTEST, LONGEST = 300, 86400
# Its keys serve a day longer when it cannot be reached: its breakdown is not ours.
STALE = 86400
# A client with a new key is asked at once, but nobody makes us ask more often than this by naming keys at random.
ASKED_AGAIN_AFTER = 10


class KeysUnavailable(Exception):
    """The client's keys could not be had, or none of them fits. Says no more: the reason is in our logs."""

    def __init__(self) -> None:
        super().__init__("The client's keys cannot be used.")


@dataclass(frozen=True)
class Known:
    """What we remember of a jwks_uri, in seconds of the clock; `keys` is None while we have none."""

    keys: list[dict[str, Any]] | None = None
    asked_at: float = 0
    fresh_until: float = 0

    def is_fresh(self, stamp: float) -> bool:
        return self.keys is not None and stamp < self.fresh_until

    def may_be_asked(self, stamp: float) -> bool:
        return stamp - self.asked_at >= ASKED_AGAIN_AFTER


def encryption_key(client: Client, *, now: datetime) -> JWK:
    """The key to encrypt to for this client's alg (Core, 10.2). Raises KeysUnavailable."""
    return _first(client, lambda keys: public_keys.for_encryption(keys, client.encryption_alg), now=now)


def verification_key(client: Client, kid: str | None, alg: str, *, now: datetime) -> JWK:
    """The key by which the client signed (Core, 10.1). Raises KeysUnavailable."""
    return _first(client, lambda keys: public_keys.for_signature(keys, kid, alg), now=now)


def _first(client: Client, choose: Callable[[tuple[JWK, ...]], JWK | None], *, now: datetime) -> JWK:
    """The key chosen among those we know; if there is none, among those that are published now."""
    if client.jwks is not None:
        key = choose(_parsed(client.jwks))
    elif client.jwks_uri:
        known = choose(_published(client, anew=False, now=now))
        key = known or choose(_published(client, anew=True, now=now))
    else:
        key = None
    if key is None:
        raise KeysUnavailable
    return key


def _parsed(document: Any) -> tuple[JWK, ...]:
    try:
        return public_keys.parse(document)
    except public_keys.NotKeys:
        raise KeysUnavailable from None


def _published(client: Client, *, anew: bool, now: datetime) -> tuple[JWK, ...]:
    """What stands at the client's jwks_uri, from memory while it is fresh."""
    name = f"client-keys:{hashlib.sha256(client.jwks_uri.encode()).hexdigest()}"
    stamp = now.timestamp()
    known = Known(**cache.get(name, {}))
    if (anew or not known.is_fresh(stamp)) and known.may_be_asked(stamp):
        known = replace(known, asked_at=stamp)
        # The others go on with what we have, or are told to come back: one waits for a server that is slow.
        _remember(name, known)
        known = _asked(client, known, stamp)
        _remember(name, known)
    if known.keys is None or stamp >= known.fresh_until + STALE:
        raise KeysUnavailable
    return _parsed({"keys": known.keys})


def _asked(client: Client, known: Known, stamp: float) -> Known:
    try:
        fetched = fetch_json(client.jwks_uri)
        keys = _parsed(fetched.document)
    except FetchRefused as refused:
        logger.warning("client keys not read", extra={"client_id": client.client_id, "why": refused.why})
    except KeysUnavailable:
        logger.warning("client keys not read", extra={"client_id": client.client_id, "why": "not_keys"})
    else:
        # Their public halves only: what else stood in the document is nothing to us.
        shown = [key.export_public(as_dict=True) for key in keys]
        return replace(known, keys=shown, fresh_until=stamp + _life(fetched))
    return known


def _life(fetched: Fetched) -> int:
    return min(max(fetched.max_age, SHORTEST), LONGEST)


def _remember(name: str, known: Known) -> None:
    cache.set(name, asdict(known), LONGEST + STALE)
