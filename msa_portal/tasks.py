"""What the frame runs beside the requests: the retention rules."""

from celery import shared_task
from django.utils import timezone

from msa_portal import retention


@shared_task
def purge() -> dict[str, int]:
    """Forget what is too old (R16)."""
    return retention.purge(now=timezone.now())
