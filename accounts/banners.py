"""The sentence on top of every page while something does not work: read by a process now and then, never by a page.

What a process knows is a quarter of a minute old at most; a database that does not answer leaves what was known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from django.db import DatabaseError

from accounts.models import Banner

KNOWN_FOR = 15.0
# What begins before the next look is read already.
AHEAD = timedelta(minutes=1)
MOST = 3


@dataclass(frozen=True)
class _Known:
    """Those of now and of the next minute, and until when nobody has to look again."""

    banners: tuple[Banner, ...] = ()
    look_again_at: float = 0.0


_known = _Known()
_reading = Lock()


def current(*, now: datetime) -> list[str]:
    """What is told at this moment, the newest first."""
    if _known.look_again_at <= monotonic() and _reading.acquire(blocking=False):
        try:
            _read(now=now)
        finally:
            _reading.release()
    return known(now=now)


def known(*, now: datetime) -> list[str]:
    """The same without a look at the database: for the page that says that it does not answer."""
    return [each.text for each in _known.banners if each.starts_at <= now < each.ends_at]


def _read(*, now: datetime) -> None:
    global _known  # noqa: PLW0603  one value for the whole process, replaced and never changed
    try:
        rows = Banner.objects.filter(starts_at__lte=now + AHEAD, ends_at__gt=now).order_by("-starts_at", "pk")
        found = tuple(rows[:MOST])
    except DatabaseError:
        found = _known.banners
    _known = _Known(found, monotonic() + KNOWN_FOR)


def forget_cache() -> None:
    """The next page looks again."""
    global _known  # noqa: PLW0603
    _known = _Known()
