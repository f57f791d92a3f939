"""An agent accepts or refuses; of two at once, one has decided (R11). Whether they may is their caller's question."""

from datetime import datetime

from django.db import transaction

from accounts import journal, notifications
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Event
from enrolment.departments import posting
from enrolment.models import DepartmentRequest


@transaction.atomic
def accept(request: DepartmentRequest, *, by: Account, reason: str = "", now: datetime) -> bool:
    """The letter with the code goes out, now or as soon as it can. False when it was decided before."""
    if not _decide(request, accepted=True, by=by, reason=reason, now=now):
        return False
    detail = {"department": request.department, "reference": request.reference, "by": by.pk.hex}
    journal.record(Event.DEPARTMENT_ACCEPTED, account=request.account, detail=detail, now=now)
    sending = posting.send_code(request, now=now)
    department = DEPARTMENTS[request.department]
    notifications.department_accepted(request.account, request.reference, department, sending, now=now)
    return True


@transaction.atomic
def refuse(request: DepartmentRequest, *, by: Account, reason: str, now: datetime) -> bool:
    """The member reads why and whom to call, where they read us; they may ask again. False when decided before."""
    why = DepartmentRequest.Reason(reason)
    if not _decide(request, accepted=False, by=by, reason=why, now=now, closed_at=now):
        return False
    detail = {"department": request.department, "reference": request.reference, "by": by.pk.hex, "reason": str(why)}
    journal.record(Event.DEPARTMENT_REFUSED, account=request.account, detail=detail, now=now)
    department = DEPARTMENTS[request.department]
    notifications.department_refused(request.account, request.reference, department, str(why.label), now=now)
    return True


def _decide(
    request: DepartmentRequest, *, accepted: bool, by: Account, reason: str, now: datetime, **more: datetime
) -> bool:
    waiting = DepartmentRequest.objects.filter(pk=request.pk, decided_at=None, closed_at=None, opened_at=None)
    decided = {"decided_at": now, "accepted": accepted, "decided_by": by.pk, "reason": reason, **more}
    if not waiting.update(**decided):
        return False
    request.refresh_from_db()
    return True
