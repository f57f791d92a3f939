"""The keys that sign our tokens: which one signs now, which are published, and the passing from one to the next.

A new key is published at once and signs after OIDC_KEY_NOTICE, when every cache knows it; the former one signs no more
from that moment and stays published for OIDC_KEY_OVERLAP. All of it is decided when the key is made: no task has to run
in between (issue 3, no. 8).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from jwcrypto.jwk import JWK

from accounts import journal
from accounts.models import Event
from accounts.sealed import SealBroken
from franceconnect.models import SigningKey
from franceconnect.ring import READ_AGAIN_AFTER, LoadedKey, Place, Ring

# RS256 is for clients that know nothing better: 2048 bits sign in 0.2 ms, 3072 in 0.6; a key lives for a year or so.
PAIRS: dict[str, dict[str, Any]] = {"ES256": {"kty": "EC", "crv": "P-256"}, "RS256": {"kty": "RSA", "size": 2048}}
# Another process may know the former ring for a minute yet, by a clock of its own.
STILL_IN_USE = timedelta(hours=1)

_ring = Ring()
forget_cache = _ring.forget


class NoSigningKey(Exception):
    """There is no key for this alg: `manage.py rotate_oidc_key --ensure` makes the first ones."""


def signing_key(alg: str, *, now: datetime) -> LoadedKey:
    """The key that signs now. Raises NoSigningKey.

    By a clock that runs behind the one the first keys were made by, it is the one that will sign first.
    """
    keys = _in_order(_ring.places(), alg, now=now) or _in_order(_ring.places(known_for=READ_AGAIN_AFTER), alg, now=now)
    if not keys:
        raise NoSigningKey(alg)
    active = [key for key in keys if not key.is_waiting(now=now)]
    return _ring.private(active[-1] if active else keys[0])


def _in_order(places: dict[str, Place], alg: str, *, now: datetime) -> list[Place]:
    ours = (place for place in places.values() if place.alg == alg and not place.is_retired(now=now))
    return sorted(ours, key=lambda place: (place.activates_at, place.kid))


def verification_key(kid: str) -> JWK | None:
    """The public key of this name, be it retired or forgotten: a hint stays known for ever (RP-Initiated Logout, 2)."""
    place = _ring.places().get(kid) or _ring.places(known_for=READ_AGAIN_AFTER).get(kid)
    return None if place is None or place.is_withdrawn else _ring.public(place)


def published(*, now: datetime | None = None) -> dict[str, list[dict[str, str]]]:
    """The JWK set (RFC 7517, section 5): the keys that sign first, then the next ones, then the former ones."""
    now = now or timezone.now()
    shown = [place for place in _ring.places().values() if place.is_published(now=now)]
    shown.sort(key=lambda place: (place.is_retired(now=now), place.is_waiting(now=now), place.alg, place.kid))
    return {"keys": [place.public for place in shown]}


def ensure(*, now: datetime, algs: Iterable[str] = PAIRS) -> list[SigningKey]:
    """The first key of each alg that has none; returns those it made."""
    having = set(SigningKey.objects.filter(retires_at=None).values_list("alg", flat=True))
    return [rotate(alg, now=now) for alg in algs if alg not in having]


def is_empty() -> bool:
    """No key has ever been made: the provider cannot answer anybody."""
    return not _ring.places() and not _ring.places(known_for=READ_AGAIN_AFTER)


def rotate(alg: str, *, now: datetime, immediately: bool = False, leaked: bool = False) -> SigningKey:
    """The next key. One that waits for its time already is that key; `immediately` brings it forward.

    `leaked`: whoever holds the former keys may sign with them. The new one signs at once, the others are withdrawn and
    nothing that they signed is believed any more.
    """
    with transaction.atomic():
        others = SigningKey.objects.filter(alg=alg)
        key = None if leaked else others.filter(activates_at__gt=now).order_by("activates_at").first()
        if key and not immediately:
            return key
        at_once = immediately or leaked or not others.exists()
        signs_from = now if at_once else now + settings.OIDC_KEY_NOTICE
        if key:
            SigningKey.objects.filter(pk=key.pk).update(activates_at=signs_from)
            key.activates_at = signs_from
        else:
            key = keep(JWK.generate(**PAIRS[alg]), alg=alg, activates_at=signs_from, now=now)
        _succeed(others.exclude(pk=key.pk), signs_from=signs_from, leaked=leaked)
        code = "leaked" if leaked else "at_once" if at_once else "announced"
        journal.record(Event.SIGNING_KEY_CHANGED, detail={"alg": alg, "kid": key.pk, "how": code}, now=now)
    # Once more, for a thread that asked before the transaction was through.
    forget_cache()
    return key


def _succeed(others: Any, *, signs_from: datetime, leaked: bool) -> None:
    if leaked:
        shown = others.filter(Q(forgotten_at=None) | Q(forgotten_at__gt=signs_from))
        shown.update(retires_at=signs_from, forgotten_at=signs_from)
    else:
        signing = others.filter(Q(retires_at=None) | Q(retires_at__gt=signs_from))
        signing.update(retires_at=signs_from, forgotten_at=signs_from + settings.OIDC_KEY_OVERLAP)


def keep(pair: JWK, *, alg: str, activates_at: datetime, now: datetime) -> SigningKey:
    """Put a key pair into the ring; its private half is sealed (R20)."""
    named = {"kid": pair.thumbprint(), "alg": alg, "use": "sig"}
    key = SigningKey.objects.create(
        kid=named["kid"],
        alg=alg,
        private=pair.export(as_dict=True) | named,
        public=pair.export_public(as_dict=True) | named,
        created_at=now,
        activates_at=activates_at,
    )
    forget_cache()
    return key


def erase_private_halves(*, now: datetime) -> int:
    """A key that signs no more needs its public half only. Returns how many lost the other one."""
    erased = 0
    for key in SigningKey.objects.filter(retires_at__lt=now - STILL_IN_USE):
        if _has_private_half(key):
            key.private = {}
            key.save(update_fields=["private"])
            erased += 1
    return erased


def _has_private_half(key: SigningKey) -> bool:
    try:
        return bool(key.private)
    except SealBroken:
        return True  # whoever finds the lost sealing key need not find this one
