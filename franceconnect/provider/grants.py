"""A grant's life: issued with a code, redeemed once for a token, used at userinfo, revoked (R15; RFC 6749, 4.1)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from accounts import journal
from accounts.compiled import Compiled, Given
from accounts.models import Account, Event
from accounts.sign_in import How
from franceconnect import clients
from franceconnect.claims import TO_OTHERS
from franceconnect.models import Client, Grant
from franceconnect.provider.authorization_request import AuthorizationRequest

# What token and userinfo read, and no column more.
OF_A_CODE = (
    "code", "application_id", "redirect_uri", "scope", "nonce", "expires", "acr", "amr", "auth_time", "consumed_at",
    "revoked_at", "code_challenge", "code_challenge_method", "session_mark", "user__is_active", "user__password",
    "user__session_generation",
)  # fmt: skip
OF_A_TOKEN = (
    "application_id", "scope", "claims", "token_expires_at", "token_used_at", "revoked_at", "session_mark",
    "user__email", "user__email_proven_at", "user__mobile", "user__is_active", "user__password",
    "user__session_generation", "user__member__nir_fingerprint", "user__member__dossier",
)  # fmt: skip
_BY_CODE: Compiled[Grant] = Compiled(
    lambda: Grant.objects.filter(code=Given("code", models.CharField())).select_related("user").only(*OF_A_CODE)
)
_BY_TOKEN: Compiled[Grant] = Compiled(
    lambda: (
        Grant.objects.filter(token_digest=Given("digest", models.BinaryField()))
        .select_related("user__member")
        .only(*OF_A_TOKEN)
    )
)


@dataclass(frozen=True)
class Authentication:
    """Who signed in, when, how strongly (Core, 2: auth_time, acr, amr)."""

    account: Account
    at: datetime
    acr: str = "eidas1"
    amr: str = "pwd"

    @classmethod
    def with_session(cls, account: Account, at: datetime, how: How | None) -> Self:
        """By the portal's session. FranceConnect tells us a level, eidas1, and no method (B3): neither do we."""
        return cls(account, at, amr="" if how is How.FRANCECONNECT else cls.amr)


def issue(request: AuthorizationRequest, who: Authentication, *, now: datetime) -> str:
    """A code for this client, redirect URI and member; only its hash is kept. Returns the code."""
    code = secrets.token_urlsafe(32)
    Grant.objects.create(
        code=digest(code).hex(),
        user=who.account,
        application=request.known_client,
        redirect_uri=request["redirect_uri"],
        scope=" ".join(sorted(request.scopes)),
        nonce=request["nonce"],
        # Names only: what else a client writes into its request is nothing to keep.
        claims=" ".join(sorted(request.claims.get("userinfo", {}).keys() & TO_OTHERS)),
        code_challenge=request["code_challenge"],
        code_challenge_method=request["code_challenge_method"],
        expires=now + settings.OIDC_CODE_LIFE,
        acr=who.acr,
        amr=who.amr,
        auth_time=who.at,
        session_mark=mark(who.account),
    )
    if request.known_client.is_federation:
        # Its own line says so, with the code by which the member's notice is found (notices).
        return code
    detail = {"client": request.known_client.client_id}
    journal.record(Event.SERVICE_SIGN_IN, account=who.account, detail=detail, now=now)
    return code


def find(code: str, client: Client) -> Grant | None:
    """The grant of a code that this client was given, spent or not."""
    grant = _BY_CODE.first(code=digest(code).hex())
    if grant is None or grant.application_id != client.pk or not is_still_theirs(grant):
        return None
    grant.application = client
    return grant


def claims_of(grant: Grant) -> dict[str, Any]:
    """What the client asked of userinfo claim by claim (Core, 5.5)."""
    return dict.fromkeys(grant.claims.split())


def token_life(client: Client) -> timedelta:
    return settings.OIDC_FEDERATION_TOKEN_LIFE if client.is_federation else settings.OIDC_STANDARD_TOKEN_LIFE


def redeem(grant: Grant, token: str, *, now: datetime) -> bool:
    """The code is spent and the token takes its place, in one UPDATE. False if somebody was quicker."""
    life = token_life(grant.application)
    mine = Grant.objects.filter(pk=grant.pk, consumed_at=None, revoked_at=None, expires__gt=now)
    return bool(mine.update(consumed_at=now, token_digest=digest(token), token_expires_at=now + life))


def replayed(grant: Grant, *, now: datetime) -> None:
    """A code that comes twice was stolen once: what it gave is worth nothing any more (RFC 6749, 4.1.2)."""
    if Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=now):
        detail = {"client": grant.application.client_id}
        journal.record(Event.CODE_REPLAYED, account=grant.user_id, detail=detail, now=now)


def use(token: str, *, now: datetime) -> Grant | None:
    """The grant of a token that may ask for the identity; FranceConnect's serves once (FI 22)."""
    grant = _BY_TOKEN.first(digest=digest(token))
    if grant is None or not (grant.token_is_live(now=now) and is_still_theirs(grant)):
        return None
    client = clients.of(grant.application_id)
    if client is None:
        return None
    grant.application = client
    if client.is_federation and grant.token_used_at:
        return None
    return grant


def spend(grant: Grant, *, now: datetime) -> bool:
    """FranceConnect's token serves once (FI 22). False if it has served; other clients' serve for their life."""
    once = Grant.objects.filter(pk=grant.pk, token_used_at=None, revoked_at=None)
    return not grant.application.is_federation or bool(once.update(token_used_at=now))


def mark(account: Account) -> str:
    """Changes with the password and when sessions are ended: what was given before then opens nothing any more."""
    return account.get_session_auth_hash()[:16]


def is_still_theirs(grant: Grant) -> bool:
    return grant.user.is_active and constant_time_compare(grant.session_mark, mark(grant.user))


def revoke(token: str, client: Client, *, now: datetime) -> None:
    """RFC 7009: the client gives a token back; somebody else's, or none, is no error."""
    Grant.objects.filter(token_digest=digest(token), application=client, revoked_at=None).update(revoked_at=now)


def revoke_all(account: Account, client: Client | None = None, *, now: datetime) -> None:
    """What this client, or any, holds of this member serves no more: tokens, and codes that wait."""
    alive = Grant.objects.filter(Q(expires__gt=now) | Q(token_expires_at__gt=now), user=account, revoked_at=None)
    (alive.filter(application=client) if client else alive).update(revoked_at=now)


def revoke_up_to(sign_in: str, client: Client, *, now: datetime) -> None:
    """What this client holds of a member up to this sign-in serves no more: `sign_in` is the id_token's jti."""
    grant = Grant.objects.filter(code=sign_in, application=client).first()
    if grant is not None:
        # Not what came later: an old id_token ends no newer sign-in.
        theirs = Grant.objects.filter(user=grant.user_id, application=client, created__lte=grant.created)
        theirs.filter(revoked_at=None, token_expires_at__gt=now).update(revoked_at=now)


def digest(secret: str) -> bytes:
    """256 random bits: a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()
