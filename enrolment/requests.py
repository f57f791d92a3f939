"""Requests of companies and other declarants to their caisse: stored, acknowledged, mailed (R1)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import journal, notifications
from accounts.identity.caisses import caisse_of
from accounts.models import Event
from accounts.passwords import grouped, readable
from accounts.sealed import fingerprint
from enrolment import journey
from enrolment.models import Enrolment, RegistrationRequest


@transaction.atomic
def file(enrolment: Enrolment, *, kind: str, details: dict[str, Any], now: datetime) -> None:
    """Store the request once and send its acknowledgement (ordonnance 2005-1516, art. 5)."""
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=now):
        return
    department = details["department"]
    request = RegistrationRequest(
        reference=new_reference(),
        kind=kind,
        department=department,
        created_at=now,
        siret_fingerprint=fingerprint("siret", details["siret"]) if details["siret"] else None,
    )
    request.details = details
    request.save()
    caisse = caisse_of(department)
    notifications.request_received(to=details["email"], reference=request.reference, caisse=caisse, kind=kind, now=now)
    detail = {"kind": kind, "department": department}
    journal.record(Event.REQUEST_RECEIVED, enrolment=enrolment.pk, detail=detail, now=now)
    end = {
        "outcome": "request",
        "reference": request.reference,
        "department": department,
        "email": details["email"],
    }
    journey.finish(enrolment, end, now=now)


def new_reference() -> str:
    """« ACDE-FGHJ »: eight characters that are read aloud without mistake."""
    return grouped(readable(8))
