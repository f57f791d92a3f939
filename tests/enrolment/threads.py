"""Several acts let go at once, each in a thread and a database connection of its own."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T]:
    """What each act returned, in any order; an act that raises fails the test by its absence."""
    gate = threading.Barrier(len(acts))
    outcomes: list[T] = []

    def run(act: Callable[[], T]) -> None:
        try:
            gate.wait(timeout=10)
            outcomes.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(outcomes) == len(acts)
    return outcomes
