"""What runs beside the requests, and what a worker has to know of this room."""

from celery import shared_task
from django.utils import timezone

from enrolment import completion  # noqa: F401  what it answers later is answered here
from enrolment.departments import following, posting, reminding


@shared_task
def remind_departments() -> dict[str, int]:
    """The codes that had to wait, the reminders and the alerts."""
    now = timezone.now()
    return {
        "sent": posting.send_waiting(now=now),
        "reminded": reminding.remind(now=now),
        "alerted": reminding.alert(now=now),
    }


@shared_task
def follow_registry() -> int:
    """Affiliations that begin or end today."""
    return following.follow_registry(now=timezone.now())
