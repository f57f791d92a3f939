"""Sessions as a browser carries them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accounts import login_hint, member_session
from accounts.identity.nir import Nir
from accounts.models import Account
from accounts.sessions import SessionStore
from accounts.sign_in import How
from enrolment.models import Enrolment
from enrolment.views import SESSION_KEY as ENROLMENT

Cookies = dict[str, str]


def session(**content: Any) -> Cookies:
    """A session that holds this, as the browser's cookie."""
    store = SessionStore()
    store.update(content)
    store.save()
    return {settings.SESSION_COOKIE_NAME: store.session_key or ""}


def registering(enrolment: Enrolment) -> Cookies:
    return session(**{ENROLMENT: str(enrolment.pk)})


def signed_in(account: Account, how: How = How.PASSWORD) -> Cookies:
    """The session of a member who has just signed in."""
    stamp = int(timezone.now().timestamp())
    return session(
        **{
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
            member_session.OPENED: stamp,
            member_session.SEEN: stamp,
            member_session.HOW: how,
        }
    )


def leave_alone(cookies: Cookies, away: timedelta) -> None:
    """The member of this session has done nothing for so long."""
    store = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    store[member_session.SEEN] -= int(away.total_seconds())
    store.save()


def opened_before(cookies: Cookies, ago: timedelta) -> None:
    """This session was opened so long ago; its member has been here ever since."""
    store = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    store[member_session.OPENED] -= int(ago.total_seconds())
    store.save()


def with_hint(number: Nir) -> Cookies:
    content: dict[str, Any] = {}
    login_hint.keep(content, number)
    return session(**content)
