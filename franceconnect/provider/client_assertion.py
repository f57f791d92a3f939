"""A client proves who it is by what it signed (private_key_jwt: RFC 7521, 7523; Core, 9)."""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from jwcrypto.common import JWException, base64url_decode
from jwcrypto.jws import JWS

from franceconnect.client_rules import CLIENT_ID
from franceconnect.models import Client, UsedAssertion
from franceconnect.provider import client_keys
from franceconnect.public_keys import SIGNATURES

logger = logging.getLogger(__name__)

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
COMPACT = re.compile(r"[\w-]{1,2048}\.[\w-]{1,6144}\.[\w-]{1,1024}", re.ASCII)
LONGEST_LIFE, SKEW = timedelta(minutes=5), timedelta(seconds=30)
LONGEST_JTI = 512


class Reason(StrEnum):
    """Why an assertion proves nothing; for our logs, the client is told invalid_client."""

    TYPE = "type"
    MALFORMED = "malformed"
    ALG = "alg"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    TOO_LONG = "too_long"
    NOT_YET = "not_yet"
    JTI = "jti"
    REPLAYED = "replayed"


class AssertionRefused(Exception):
    """It does not prove who the client is."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Assertion:
    """An assertion as it came, its signature not looked at yet."""

    token: str
    head: dict[str, Any]
    claims: dict[str, Any]


def read(token: str) -> Assertion:
    """Raises AssertionRefused."""
    try:
        if not COMPACT.fullmatch(token):
            raise ValueError
        head, claims, _ = token.split(".")
        found = Assertion(token, json.loads(base64url_decode(head)), json.loads(base64url_decode(claims)))
        if not isinstance(found.head, dict) or not isinstance(found.claims, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise AssertionRefused(Reason.MALFORMED) from None
    return found


def issuer_of(token: str) -> str:
    """The client that an assertion claims to come from, or nothing."""
    try:
        issuer = read(token).claims.get("iss")
    except AssertionRefused:
        return ""
    return issuer if isinstance(issuer, str) and len(issuer) <= 255 and CLIENT_ID.fullmatch(issuer) else ""


def proves(form: Mapping[str, str], client: Client, *, endpoint_urls: tuple[str, ...], now: datetime) -> bool:
    """Whether the form's assertion is this client's, made for us and not used before; it is spent by this."""
    try:
        spend(form, client, endpoint_urls=endpoint_urls, now=now)
    except AssertionRefused as refused:
        logger.info("client assertion refused", extra={"client_id": client.client_id, "why": refused.reason})
        return False
    return True


def spend(form: Mapping[str, str], client: Client, *, endpoint_urls: tuple[str, ...], now: datetime) -> None:
    """Raises AssertionRefused. The signature comes before the claims, the claims before the one INSERT."""
    if form.get("client_assertion_type") != TYPE:
        raise AssertionRefused(Reason.TYPE)
    assertion = read(form.get("client_assertion", ""))
    _signed_by(client, assertion, now=now)
    claims = assertion.claims
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise AssertionRefused(Reason.ISSUER)
    _addressed_to_us(claims.get("aud"), endpoint_urls)
    expires_at = _in_its_time(claims, now=now)
    _for_the_first_time(client, claims.get("jti"), expires_at=expires_at)


def _signed_by(client: Client, assertion: Assertion, *, now: datetime) -> None:
    """By a key of the client's made for this alg: a public key never serves as a shared secret (RFC 8725, 2.1)."""
    alg, kid = assertion.head.get("alg"), assertion.head.get("kid")
    if alg not in SIGNATURES:
        raise AssertionRefused(Reason.ALG)
    if "crit" in assertion.head or "b64" in assertion.head or not isinstance(kid, str | None):
        raise AssertionRefused(Reason.MALFORMED)
    try:
        key = client_keys.verification_key(client, kid, alg, now=now)
    except client_keys.KeysUnavailable:
        raise AssertionRefused(Reason.KEY) from None
    signature = JWS()
    signature.allowed_algs = [alg]
    try:
        signature.deserialize(assertion.token)
        signature.verify(key, alg=alg)
    except (JWException, ValueError):
        raise AssertionRefused(Reason.SIGNATURE) from None


def _addressed_to_us(aud: Any, endpoint_urls: tuple[str, ...]) -> None:
    named = aud if isinstance(aud, list) else [aud]
    if not any(isinstance(each, str) and each in endpoint_urls for each in named):
        raise AssertionRefused(Reason.AUDIENCE)


def _in_its_time(claims: dict[str, Any], *, now: datetime) -> datetime:
    """From when on its age alone refuses it."""
    stamp, skew = now.timestamp(), SKEW.total_seconds()
    exp = _seconds(claims.get("exp"))
    if exp is None or not stamp - skew < exp:
        raise AssertionRefused(Reason.EXPIRED)
    if not exp <= stamp + LONGEST_LIFE.total_seconds() + skew:
        raise AssertionRefused(Reason.TOO_LONG)
    for name in ("iat", "nbf"):
        begun = _seconds(claims.get(name, stamp))
        if begun is None or not begun <= stamp + skew:
            raise AssertionRefused(Reason.NOT_YET)
    return datetime.fromtimestamp(exp, UTC) + SKEW


def _seconds(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _for_the_first_time(client: Client, jti: Any, *, expires_at: datetime) -> None:
    """The INSERT itself tells: of many at once one is the first."""
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise AssertionRefused(Reason.JTI)
    digest = hashlib.sha256(json.dumps([client.client_id, jti]).encode()).digest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(digest=digest, expires_at=expires_at)
    except IntegrityError:
        raise AssertionRefused(Reason.REPLAYED) from None


def forget(*, now: datetime) -> int:
    """Remove those that would be refused for their age; returns how many went."""
    return UsedAssertion.objects.filter(expires_at__lt=now - SKEW).delete()[0]
