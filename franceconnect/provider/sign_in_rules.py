"""Whether the session there is will do, or why the member must sign in again (Core, 3.1.2.1, 3.1.2.3)."""

from datetime import datetime
from enum import StrEnum

from franceconnect import subject
from franceconnect.provider import jose
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.grants import Authentication


class Why(StrEnum):
    """Why a sign-in is needed."""

    NO_SESSION = "no_session"
    PROMPT_LOGIN = "prompt_login"
    TOO_OLD = "too_old"
    SOMEBODY_ELSE = "somebody_else"


def why_sign_in(
    request: AuthorizationRequest, who: Authentication | None, *, fresh: bool, now: datetime
) -> Why | None:
    """None when `who` will do. `fresh`: they signed in for this very request."""
    if who is None:
        return Why.NO_SESSION
    if not fresh and request.prompt & {"login", "select_account"}:
        return Why.PROMPT_LOGIN
    if not fresh and request.max_age is not None and (now - who.at).total_seconds() > request.max_age:
        return Why.TOO_OLD
    if request["id_token_hint"] and not is_hinted(request, who):
        return Why.SOMEBODY_ELSE
    return None


def is_hinted(request: AuthorizationRequest, who: Authentication) -> bool:
    """Whether the id_token_hint speaks of this member."""
    claims = jose.read_own(request["id_token_hint"]) or {}
    return claims.get("sub") == subject.of(who.account, request.known_client)
