"""The folder that the print shop reads, filled from the desk by the worker: never by a page (issue 5; R23).

One batch a task: no e-mail waits behind ten thousand letters, and a worker that is killed has one batch to draw again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from accounts import journal
from accounts.letters.batch import LETTERS_PER_BATCH, asked_by, queued
from accounts.letters.printing import print_batch, reprint
from accounts.models import Event, Letter, LetterBatch
from accounts.sealed import SealBroken

logger = logging.getLogger(__name__)


def is_open() -> bool:
    """Whether there is such a folder; without it the operator prints by a command."""
    return settings.LETTERS_DIR is not None


def waiting(rows: "QuerySet[Letter]") -> "QuerySet[Letter]":
    """Of these rows of the queue, one batch's worth and one more: how many they all are nobody needs to know."""
    return rows.order_by("caisse", "created_at")[: LETTERS_PER_BATCH + 1]


def print_next(caisses: Sequence[str], *, by: UUID, now: datetime) -> list[str]:
    """Print one batch, of the first of these queues that has any. Returns those that may have another.

    Raises Busy while somebody else prints into the folder: a second press finds the queue empty a moment later.
    """
    assert settings.LETTERS_DIR
    for number, caisse in enumerate(caisses):
        if print_batch(caisse, settings.LETTERS_DIR, now, by=by, wait=False):
            more = queued().filter(caisse=caisse).exists()
            return list(caisses[number if more else number + 1 :])
    return []


def hand_out_again(batch: LetterBatch, *, by: UUID, now: datetime) -> bool:
    """The same file once more. What came of it stands in the journal either way, where the batch's page finds it."""
    assert settings.LETTERS_DIR
    try:
        if reprint(batch, settings.LETTERS_DIR, by=by, wait=False, now=now):
            return True
    except SealBroken:
        logger.warning("the copy of a batch does not open", extra={"batch": batch.pk.hex})
    detail = {"caisse": batch.caisse, "batch": batch.pk.hex, **asked_by(by)}
    journal.record(Event.LETTERS_NOT_REPRINTED, detail=detail, now=now)
    return False
