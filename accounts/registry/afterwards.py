"""What another room does once an import has run: it says so here, for this room may not know it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

Follower = TypeVar("Follower", bound=Callable[..., object])
FOLLOWERS: list[Callable[..., object]] = []


def import_registry(follower: Follower) -> Follower:
    """This is called at the end of each import, whatever lines were left out."""
    FOLLOWERS.append(follower)
    return follower


def follow(*, now: datetime) -> None:
    """The files have been merged; each in its transaction, so that what follows is a transaction of its own."""
    for follower in FOLLOWERS:
        follower(now=now)
