"""An agent decides about a new postal address (G03, R1); the registry is the caisse's, and stays theirs to change."""

from datetime import datetime

from django.db import transaction

from accounts import journal, notifications
from accounts.models import Account, AddressChange, Event


def accept(change: AddressChange, *, by: Account, reason: str = "", now: datetime) -> bool:
    """The agent has passed it on to whoever keeps the registry. False when it was decided before."""
    return _decide(change, accepted=True, by=by, reason="", now=now)


def refuse(change: AddressChange, *, by: Account, reason: str, now: datetime) -> bool:
    """The member reads why and whom to call; they may ask again. False when it was decided before."""
    return _decide(change, accepted=False, by=by, reason=AddressChange.Reason(reason), now=now)


@transaction.atomic
def _decide(change: AddressChange, *, accepted: bool, by: Account, reason: str, now: datetime) -> bool:
    waiting = AddressChange.objects.filter(pk=change.pk, decided_at=None)
    if not waiting.update(decided_at=now, accepted=accepted, decided_by=by.pk, reason=reason):
        return False
    detail = {"accepted": accepted, "by": by.pk.hex, **({"reason": str(reason)} if reason else {})}
    journal.record(Event.ADDRESS_CHANGE_DECIDED, account=change.account_id, detail=detail, now=now)
    why = str(AddressChange.Reason(reason).label) if reason else ""
    notifications.address_change_decided(change.account, accepted=accepted, reason=why, now=now)
    return True
