"""What runs beside the requests: the sweep, the seal, and what the desk asks of the print shop."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts import (
    access,  # noqa: F401  what it answers later is answered here
    journal,
    outbox,
)
from accounts.letters import print_shop
from accounts.letters.files import Busy
from accounts.models import LetterBatch

# Whoever prints into the folder takes a minute for a thousand letters; a worker waits for nobody.
AGAIN: dict[str, Any] = {"autoretry_for": (Busy,), "retry_kwargs": {"countdown": 10, "max_retries": 90}}


@shared_task
def sweep_outbox() -> int:
    """Deliver what a crash left behind."""
    return outbox.sweep(now=timezone.now())


@shared_task
def check_journal() -> bool:
    """Walk the whole journal, beside the request that asked for it."""
    return journal.check(now=timezone.now())


@shared_task
def seal_journal() -> int:
    """Seal the journal's settled entries."""
    return journal.seal(now=timezone.now())


@shared_task(**AGAIN)
def print_letters(caisses: Sequence[str], by: str) -> None:
    """One batch, then on to the next: what an agent asked for."""
    if left := print_shop.print_next(caisses, by=UUID(by), now=timezone.now()):
        print_letters.delay(left, by)


@shared_task(**AGAIN)
def reprint_letters(batch: str, by: str) -> bool:
    """The file of one batch, once more."""
    return print_shop.hand_out_again(LetterBatch.objects.get(pk=batch), by=UUID(by), now=timezone.now())
