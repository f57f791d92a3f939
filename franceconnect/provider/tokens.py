"""What a client receives: the id_token, and userinfo in the form it registered for (A3 to A5; Core, 2 and 5.3)."""

import math
from datetime import datetime
from typing import Any

from django.conf import settings

from franceconnect import subject
from franceconnect.models import Client, Grant
from franceconnect.provider import jose
from franceconnect.provider.encryption import encrypt_for


def id_token(grant: Grant, *, now: datetime) -> str:
    """Protocol claims only: who somebody is stands in userinfo alone (J15, R20; FI 9)."""
    client: Client = grant.application
    issued = math.floor(now.timestamp())
    said = {
        "iss": settings.OIDC_ISSUER,
        "sub": subject.of(grant.user, client),
        "aud": client.client_id,
        "iat": issued,
        "exp": issued + int(settings.OIDC_ID_TOKEN_LIFE.total_seconds()),
        "auth_time": math.floor(grant.auth_time.timestamp()),
        "acr": grant.acr,
        # By which the grant is found again when the token comes back as a hint.
        "jti": grant.code,
    }
    if grant.amr:
        said["amr"] = grant.amr.split()
    if grant.nonce:
        said["nonce"] = grant.nonce
    return _sealed(jose.sign(said, alg=client.algorithm, now=now), client, now=now)


def read_id_token(token: str) -> dict[str, Any] | None:
    """The claims of an id_token of ours, of any key and any age; a userinfo token says nothing of a sign-in."""
    claims = jose.read_own(token)
    return claims if claims and "auth_time" in claims else None


def userinfo(claims: dict[str, Any], client: Client, *, now: datetime) -> dict[str, Any] | str:
    """The claims, or a signed (and encrypted) JWT of them: aud and iss bind it to this client (Core, 5.3.2)."""
    if client.userinfo_format == Client.UserinfoFormat.JSON and not client.encryption_alg:
        return claims
    issued = math.floor(now.timestamp())
    life = int(settings.OIDC_ID_TOKEN_LIFE.total_seconds())
    around = {"iss": settings.OIDC_ISSUER, "aud": client.client_id, "iat": issued, "exp": issued + life}
    return _sealed(jose.sign({**claims, **around}, alg=client.algorithm, now=now), client, now=now)


def _sealed(token: str, client: Client, *, now: datetime) -> str:
    return encrypt_for(token, client, now=now) if client.encryption_alg else token
