"""Runs the periodic tasks in this process: the demonstration has neither broker nor beat."""

import heapq
import logging
import time
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any

from django.db import close_old_connections

from msa_portal.celery import app

logger = logging.getLogger(__name__)

Schedule = Mapping[str, Mapping[str, Any]]


def run(schedule: Schedule, *, stop: Event, clock: Callable[[], float] = time.monotonic) -> None:
    """Each task at once, then at its interval of seconds, one after the other, until asked to stop."""
    due = [(clock(), name) for name in schedule]
    heapq.heapify(due)
    while due and not stop.wait(max(0.0, due[0][0] - clock())):
        _, name = due[0]
        perform(schedule[name]["task"])
        heapq.heapreplace(due, (clock() + float(schedule[name]["schedule"]), name))


def perform(task: str) -> None:
    """One task, here and now; a fault is told and does not end the others."""
    close_old_connections()
    try:
        app.tasks[task]()
    except Exception:
        logger.exception("periodic task failed", extra={"task": task})
    finally:
        close_old_connections()
