"""How long the tables of this room are kept (R16)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest

# As long as the letters that they made: whoever finds one may ask what it was.
REQUEST_LIFE = timedelta(days=365)
BATCH = 1000


def purge(*, now: datetime) -> dict[str, int]:
    """Abandoned and finished journeys go 24 hours after they began, requests a year after they were over or decided."""
    return {
        "enrolments": Enrolment.objects.filter(expires_at__lt=now).delete()[0],
        "department requests": _forget_requests(now=now),
        # Names and telephones of strangers, too: the space of a company that was accepted is its account's.
        "registration requests": RegistrationRequest.objects.filter(decided_at__lt=now - REQUEST_LIFE).delete()[0],
    }


def _forget_requests(*, now: datetime) -> int:
    """Few at a time: nobody waits for a table."""
    went = 0
    while some := list(_over(before=now - REQUEST_LIFE).values_list("pk", flat=True)[:BATCH]):
        went += DepartmentRequest.objects.filter(pk__in=some).delete()[0]
    return went


def _over(*, before: datetime) -> QuerySet[DepartmentRequest]:
    """Refused, closed or opened by then, or its last letter written and its code never typed; none that waits for us.

    Without its letter it would pass for one whose code could not leave yet, and another would go out unasked.
    What the way « here » has opened is open by its request alone, and stays with it (H05).
    """
    over = DepartmentRequest.objects.annotate(over_at=Coalesce("closed_at", "opened_at"))
    given_up = Q(opened_at=None, closed_at=None, letter__created_at__lt=before)
    farms = Q(way=DepartmentRequest.Way.HERE, closed_at=None, opened_at__isnull=False)
    return over.filter(Q(over_at__lt=before) & ~farms | given_up)
