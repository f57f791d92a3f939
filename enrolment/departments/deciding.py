"""An agent accepts or refuses; of two at once, one has decided (R11). Whether they may is their caller's question."""

from datetime import datetime

from django.db import transaction

from accounts import journal, letters, notifications
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Channel, Event, Letter
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
    _tell_refusal(request, str(why.label), now=now)
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


def _tell_refusal(request: DepartmentRequest, reason: str, *, now: datetime) -> None:
    """By e-mail to who wants e-mails, else by post, else by what is left."""
    account, department = request.account, DEPARTMENTS[request.department]
    member = account.member
    by_post = member is not None and letters.can_be_posted_to(member)
    if member and by_post and (account.documents_by == Channel.POST or not account.email_proven_at):
        told = {"department": department.label, "reference": request.reference, "reason": reason}
        letters.post(Letter.Kind.DEPARTMENT_REFUSED, member=member, now=now, **told)
        return
    notifications.department_refused(account, request.reference, department, reason, now=now)
