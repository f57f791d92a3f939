"""« Quelques jours » are over: the member is reminded once, the caisse sees it once (H08, H09)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import journal, notifications
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Event
from enrolment.models import DepartmentRequest

SWEEP = 500


def remind(*, now: datetime) -> int:
    """A letter was posted and its code not used. Returns how many members were reminded."""
    since = now - settings.DEPARTMENT_REMINDER
    posted = Q(letter__posted_at__lte=since, letter__returned_at=None)
    # Past its life the code opens nothing: there is nothing to remind of.
    alive = Q(letter__created_at__gt=now - settings.DEPARTMENT_CODE_LIFE)
    live = DepartmentRequest.objects.filter(accepted=True, opened_at=None, closed_at=None, reminded_at=None)
    waiting = live.filter(posted & alive).select_related("account__member").order_by("decided_at", "pk")
    return sum(_remind(request, now=now) for request in waiting[:SWEEP])


@transaction.atomic
def _remind(request: DepartmentRequest, *, now: datetime) -> bool:
    mine = DepartmentRequest.objects.filter(pk=request.pk, opened_at=None, closed_at=None, reminded_at=None)
    if not mine.update(reminded_at=now):
        return False
    notifications.department_reminder(request.account, request.reference, DEPARTMENTS[request.department], now=now)
    detail = {"department": request.department, "reference": request.reference}
    journal.record(Event.DEPARTMENT_REMINDED, account=request.account_id, detail=detail, now=now)
    return True


def alert(*, now: datetime) -> int:
    """What nobody has answered, or answered and not seen opened: its caisse sees it. Returns how many."""
    since = now - settings.DEPARTMENT_REMINDER
    live = DepartmentRequest.objects.filter(opened_at=None, closed_at=None, alerted_at=None)
    unanswered = Q(decided_at=None, created_at__lte=since)
    return live.filter(unanswered | Q(accepted=True, decided_at__lte=since)).update(alerted_at=now)
