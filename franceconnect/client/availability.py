"""Whether there is a FranceConnect to send anybody to (issue 4: the button, or an honest sentence)."""

import hashlib

from django.conf import settings
from django.core.cache import cache


def is_configured() -> bool:
    """Without an issuer the button does not exist."""
    return bool(settings.FRANCECONNECT_ISSUER)


def is_down() -> bool:
    """It could not be reached a moment ago. The button comes back by itself."""
    return cache.get(_name()) is not None


def note_failure() -> None:
    """It did not answer, or answered that it cannot."""
    cache.set(_name(), 1, settings.FRANCECONNECT_DOWN_FOR.total_seconds())


def note_success() -> None:
    """Somebody got through."""
    if is_down():
        cache.delete(_name())


def _name() -> str:
    return f"franceconnect-down:{hashlib.sha256(settings.FRANCECONNECT_ISSUER.encode()).hexdigest()}"
