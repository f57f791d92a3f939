"""What the hub remembers while its process lives: sessions, requests, codes, tokens. One lock, nothing on disk."""

import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

lock = threading.RLock()
SESSION_COOKIE = "fc_session_id"
SESSION_LIFE = 30 * 60  # sliding (B3)
INTERACTION_LIFE = 30 * 60
CODE_LIFE, TOKEN_LIFE, ID_TOKEN_LIFE = 30, 60, 60


def new_id() -> str:
    """64 lowercase hexadecimal characters, as FranceConnect makes its own."""
    return secrets.token_hex(32)


@dataclass
class SignedIn:
    """Somebody whom an identity provider has vouched for and whom the RNIPP knows.

    `identity` holds the RNIPP's claims (A7), with email, preferred_username and idp_birthdate of the provider.
    """

    provider: str
    identity: dict[str, str]
    at: int
    # For signing out at the provider (A8); nothing when it is a demonstration one.
    provider_id_token: str = ""


@dataclass
class Interaction:
    """A service's authorization request on its way through the hub's pages."""

    id: str
    client_id: str
    parameters: dict[str, str]
    created_at: int
    provider: str = ""
    # What was sent to the identity provider.
    provider_state: str = ""
    provider_nonce: str = ""
    # What the picker tells of the last try (A8).
    banner: str = ""
    # The code with which the register of persons refused whoever came (A7).
    refusal: str = ""
    # Set once the visitor may go on to the service.
    signed_in: SignedIn | None = None
    answered: bool = False


@dataclass
class Session:
    """One browser."""

    id: str
    seen_at: int
    interactions: dict[str, Interaction] = field(default_factory=dict)
    signed_in: SignedIn | None = None
    # Services that were told to somebody by e-mail in this session.
    notified: set[str] = field(default_factory=set)
    # Services signed in to (client_id → sub), for a sign-out.
    services: dict[str, str] = field(default_factory=dict)
    # What each demonstration service keeps for this browser; they have cookies of their own.
    logout: dict[str, str] = field(default_factory=dict)


@dataclass
class Grant:
    """A code, then its access token."""

    client_id: str
    redirect_uri: str
    nonce: str
    sub: str
    claims: dict[str, Any]
    session_id: str
    auth_time: int
    expires_at: int
    scope: str = "openid"
    used: bool = False


sessions: dict[str, Session] = {}
codes: dict[str, Grant] = {}
tokens: dict[str, Grant] = {}


def session(session_id: str, *, now: int) -> Session:
    """The browser's session, a little longer; another one for a browser that has none any more."""
    with lock:
        for each in [each for each in sessions.values() if each.seen_at + SESSION_LIFE < now]:
            del sessions[each.id]
        if not (found := sessions.get(session_id)):
            found = Session(new_id(), now)
            sessions[found.id] = found
        found.seen_at = now
        return found


def end_session(ended: Session) -> None:
    """Nobody is signed in any more in this browser."""
    with lock:
        sessions.pop(ended.id, None)


def forget_everything() -> None:
    with lock:
        for each in (sessions, codes, tokens):
            each.clear()
