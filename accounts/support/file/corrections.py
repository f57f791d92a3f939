"""Asks the owners of the registry to correct an identity, and keeps their answer (issue 5, Support desk 4)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import membership
from accounts.models import Account, CorrectionRequest, Member


def ask(member: Member, subject: CorrectionRequest.Subject, note: str, *, by: Account, now: datetime) -> bool:
    """In the work list of the member's main department. False when the same was asked and waits."""
    known = membership.of(member, on=timezone.localdate(now)).departments
    request = CorrectionRequest(
        member=member,
        department=known[0].code if known else "",
        subject=subject,
        asked_by=by.pk,
        created_at=now,
    )
    request.details = {"note": note}
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def decide(request: CorrectionRequest, answer: CorrectionRequest.Answer, *, by: Account, now: datetime) -> bool:
    """Once: of two agents the first decides. The registry itself changes with the next import only."""
    waiting = CorrectionRequest.objects.filter(pk=request.pk, decided_at=None)
    return bool(waiting.update(answer=answer, decided_at=now, decided_by=by.pk))
