"""A signed-in member's session: opening it, its two clocks (R14), with what it was opened, ending it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts import journal
from accounts.models import Account, Event
from accounts.sign_in import How, SignIn

OPENED, SEEN, HOW = "opened_at", "seen_at", "how"
# The clock of a session is written once a minute at most: reading a page writes nothing.
GRAIN = 60
# For so long after signing in, a member without a password may choose one unasked (FS 20).
FRESH = timedelta(minutes=15)
# sign_in has written it in its own transaction.
user_logged_in.disconnect(dispatch_uid="update_last_login")


# What else ends with a session: told what it held, by which browser, once it is over here; the next address, if any.
Ending = Callable[..., str]
ENDINGS: list[Ending] = []


class End(StrEnum):
    """Why a session ended by itself."""

    IDLE = "idle"
    TOO_LONG = "too_long"


def open_session(request: HttpRequest, sign_in: SignIn) -> None:
    """A fresh session key for this member; what an anonymous visitor had in the session is dropped."""
    request.session.flush()
    auth.login(request, sign_in.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    # A session is as old as the proof that opened it.
    proven_at = sign_in.proven_at or sign_in.at
    opened, seen = int(proven_at.timestamp()), int(sign_in.at.timestamp())
    request.session.update({OPENED: opened, SEEN: seen, HOW: sign_in.how})
    # It outlives its clocks a little: who comes back too late is told why.
    request.session.set_expiry(settings.SESSION_LIFE + settings.SESSION_IDLE)


def password_chosen(request: HttpRequest, account: Account) -> None:
    """The member has just chosen a password here: this session goes on, the others have ended."""
    goes_on(request, account)
    request.session[HOW] = How.PASSWORD


def goes_on(request: HttpRequest, account: Account) -> None:
    """What has just ended the member's sessions leaves this one open."""
    auth.update_session_auth_hash(request, account)


def how(request: HttpRequest) -> How | None:
    """With what this session was opened."""
    value = request.session.get(HOW)
    return How(value) if value else None


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this member said a moment ago who they are."""
    return now.timestamp() - request.session.get(OPENED, 0) <= FRESH.total_seconds()


def ended(session: Any, *, now: datetime) -> End | None:
    """Whether one of the session's clocks has run out."""
    stamp = now.timestamp()
    life = settings.AGENT_SESSION_LIFE if session.get(HOW) == How.AGENT else settings.SESSION_LIFE
    if stamp - session.get(OPENED, 0) > life.total_seconds():
        return End.TOO_LONG
    if stamp - session.get(SEEN, 0) > settings.SESSION_IDLE.total_seconds():
        return End.IDLE
    return None


def touch(session: Any, *, now: datetime) -> None:
    """The member is here."""
    stamp = int(now.timestamp())
    if stamp - session.get(SEEN, 0) >= GRAIN:
        session[SEEN] = stamp


def close_session(request: HttpRequest, *, reason: str, now: datetime) -> None:
    """Sign out; nothing of the session stays."""
    if request.user.is_authenticated:
        journal.record(Event.SESSION_ENDED, account=request.user.pk, detail={"reason": reason}, now=now)
    auth.logout(request)


def also_ends(ending: Ending) -> Ending:
    """Another room has something that ends when a member signs out (FS 17)."""
    ENDINGS.append(ending)
    return ending


def sign_out(request: HttpRequest, *, now: datetime) -> str:
    """C13: here first, whatever happens elsewhere. Returns the address where the rest ends, or nothing."""
    held: Mapping[str, Any] = dict(request.session.items())
    browser = request.visitor.browser  # type: ignore[attr-defined]
    close_session(request, reason="asked", now=now)
    told = (ending(held, browser=browser, now=now) for ending in ENDINGS)
    return next(filter(None, told), "")
