"""What another room does once an import has run: it says so here, for this room may not know it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from accounts.registry.importing.progress import Progress, silent

# Told the moment and whom to tell how far it is; returns how many accounts have changed.
Follower = TypeVar("Follower", bound=Callable[..., int])
FOLLOWERS: list[Callable[..., int]] = []


def import_registry(follower: Follower) -> Follower:
    """This is called at the end of each import, whatever lines were left out."""
    FOLLOWERS.append(follower)
    return follower


def follow(*, now: datetime, progress: Progress = silent) -> Iterator[tuple[str, int]]:
    """The files have been merged; each in its transaction, so that what follows is a transaction of its own."""
    for follower in FOLLOWERS:
        yield follower.__name__, follower(now=now, progress=progress)
