"""What runs beside the requests: the sweep and the seal."""

from celery import shared_task
from django.utils import timezone

from accounts import (
    access,  # noqa: F401  what it answers later is answered here
    journal,
    outbox,
)


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
