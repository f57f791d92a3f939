"""How long the tables of this room are kept (R16)."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from enrolment.models import DepartmentRequest, Enrolment

# As long as the letters that they made: whoever finds one may ask what it was.
REQUEST_LIFE = timedelta(days=365)
BATCH = 1000


def purge(*, now: datetime) -> dict[str, int]:
    """Abandoned and finished journeys go 24 hours after they began, requests a year after they were over."""
    return {
        "enrolments": Enrolment.objects.filter(expires_at__lt=now).delete()[0],
        "department requests": _forget_requests(now=now),
    }


def _forget_requests(*, now: datetime) -> int:
    """Few at a time: nobody waits for a table."""
    went = 0
    while some := list(_over(before=now - REQUEST_LIFE).values_list("pk", flat=True)[:BATCH]):
        went += DepartmentRequest.objects.filter(pk__in=some).delete()[0]
    return went


def _over(*, before: datetime) -> QuerySet[DepartmentRequest]:
    """Refused, closed or opened by then; none that waits for anybody.

    What the way « here » has opened is open by its request alone, and stays with it (H05).
    """
    over = DepartmentRequest.objects.annotate(over_at=Coalesce("closed_at", "opened_at")).filter(over_at__lt=before)
    return over.exclude(way=DepartmentRequest.Way.HERE, closed_at=None)
