"""What FranceConnect signed, read: id_token and userinfo (FS 8, FS 9; Core, 3.1.3.7 and 5.3.2)."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError

from franceconnect.client import metadata

LEEWAY = 30  # seconds between two clocks that are both right
# FranceConnect's session without a move: what was proven longer ago, or nobody says when, is as old as that.
OLDEST = timedelta(minutes=30)
LEVELS = frozenset({"eidas1", "eidas2", "eidas3"})
# Compact, never JSON; FranceConnect's are under 2 kB.
COMPACT = re.compile(r"[\w-]{1,1024}\.[\w-]{1,40000}\.[\w-]{1,1024}", re.ASCII)


class Fault(StrEnum):
    """What is wrong with a token; for our logs and to choose the page."""

    FORM = "form"
    ALG = "alg"
    KEY = "key"
    SIGNATURE = "signature"
    EXPIRED = "expired"
    CLAIMS = "claims"
    NONCE = "nonce"
    LEVEL = "level"
    SUBJECT = "subject"


class NotTrusted(Exception):
    """This token proves nothing."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_id_token(token: str, *, nonce: str, access_token: str, now: datetime) -> dict[str, Any]:
    """Its claims, when it is for us, of this request and of a level we know. Raises NotTrusted, metadata.NotKnown."""
    claims = _signed(token, now=now)
    told = CodeIDToken(
        claims.claims,
        claims.header,
        options=_expected("iss", "sub", "aud", "exp", "iat"),
        params={"client_id": settings.FRANCECONNECT_CLIENT_ID, "access_token": access_token},
    )
    _validate(told, now=now)
    returned = told.get("nonce")
    if not isinstance(returned, str) or not hmac.compare_digest(returned.encode(), nonce.encode()):
        raise NotTrusted(Fault.NONCE)
    # We ask for eidas1; FranceConnect may know better, never worse (A6).
    level = told.get("acr")
    if not isinstance(level, str) or level not in LEVELS:
        raise NotTrusted(Fault.LEVEL)
    return dict(told)


def proven_at(claims: Mapping[str, Any], *, now: datetime) -> datetime:
    """When FranceConnect asked who this is: from a session that is open there it answers unasked (Core, 2)."""
    told, oldest = claims.get("auth_time"), now - OLDEST
    if not isinstance(told, int | float) or not told > oldest.timestamp():
        return oldest
    return datetime.fromtimestamp(min(told, now.timestamp()), UTC)


def read_userinfo(token: str, *, subject: str, now: datetime) -> dict[str, Any]:
    """Its claims, when they are about the one whom the id_token named. Raises NotTrusted, metadata.NotKnown."""
    claims = _signed(token, now=now)
    told = JWTClaims(claims.claims, claims.header, options=_expected("iss", "sub", "aud", "exp"))
    _validate(told, now=now)
    if told["sub"] != subject:
        raise NotTrusted(Fault.SUBJECT)
    return dict(told)


def _expected(*essential: str) -> dict[str, Any]:
    exactly = {"iss": settings.FRANCECONNECT_ISSUER, "aud": settings.FRANCECONNECT_CLIENT_ID}
    return {name: {"essential": True, **({"value": exactly[name]} if name in exactly else {})} for name in essential}


def _validate(told: JWTClaims, *, now: datetime) -> None:
    try:
        told.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except ExpiredTokenError:
        raise NotTrusted(Fault.EXPIRED) from None
    except (JoseError, ValueError, TypeError, AttributeError):
        raise NotTrusted(Fault.CLAIMS) from None


def _signed(token: str, *, now: datetime) -> jwt.Token:
    """Signed by a key that FranceConnect publishes, which is read again once for one that we do not know (FS 8)."""
    kid = _kid(token)
    for anew in (False, True):
        key = metadata.key(kid, anew=anew, now=now)
        if key is None:
            fault = Fault.KEY
            continue
        try:
            return jwt.decode(token, key, algorithms=[settings.FRANCECONNECT_SIGNING_ALG])
        except BadSignatureError:
            fault = Fault.SIGNATURE
        except (JoseError, ValueError, TypeError, RecursionError):
            raise NotTrusted(Fault.FORM) from None
    raise NotTrusted(fault)


def _kid(token: str) -> str:
    """The name of the key, of a token in the agreed alg: what its header says otherwise is not even looked at."""
    if not isinstance(token, str) or not COMPACT.fullmatch(token):
        raise NotTrusted(Fault.FORM)
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise NotTrusted(Fault.FORM) from None
    if header.get("alg") != settings.FRANCECONNECT_SIGNING_ALG:
        raise NotTrusted(Fault.ALG)
    if not isinstance(header.get("kid"), str):
        raise NotTrusted(Fault.KEY)
    return header["kid"]
