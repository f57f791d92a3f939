"""Two links that cannot both stand: an agent keeps the one that is there, or takes it away (FS 13, I13).

Nobody is linked by hand: whoever is free again proves it with FranceConnect, as everybody does.
"""

from datetime import datetime

from django.db import transaction

from accounts import journal, notifications
from accounts.models import Account, Event
from franceconnect.client import linking
from franceconnect.models import LinkConflict

OUTCOME = LinkConflict.Outcome


def keep(conflict: LinkConflict, *, by: Account, reason: str, now: datetime) -> bool:
    """The link that is there stays. False when it was decided before."""
    return _decide(conflict, OUTCOME.KEPT, by=by, reason=reason, now=now)


@transaction.atomic
def unlink(conflict: LinkConflict, *, by: Account, reason: str, now: datetime) -> bool:
    """The link that is there goes; its member hears of it. False when it was decided before."""
    if not _decide(conflict, OUTCOME.UNLINKED, by=by, reason=reason, now=now):
        return False
    holder = holder_of(conflict)
    gone = holder is not None and linking.unlink_at_desk(holder, now=now)
    # Who asked has their answer in a message of its own.
    if holder and gone and holder != conflict.account:
        notifications.franceconnect_unlinked(holder, now=now)
    return True


def holder_of(conflict: LinkConflict) -> Account | None:
    """Whose link stands in the way."""
    return conflict.account if conflict.kind == LinkConflict.Kind.OTHER_SUBJECT else conflict.holder


@transaction.atomic
def _decide(conflict: LinkConflict, outcome: str, *, by: Account, reason: str, now: datetime) -> bool:
    why = LinkConflict.Reason(reason)
    waiting = LinkConflict.objects.filter(pk=conflict.pk, decided_at=None)
    if not waiting.update(decided_at=now, decided_by=by.pk, outcome=outcome, reason=why):
        return False
    detail = {"outcome": str(outcome), "reason": str(why), "reference": conflict.reference, "by": by.pk.hex}
    journal.record(Event.FRANCECONNECT_CONFLICT_DECIDED, account=conflict.account_id, detail=detail, now=now)
    is_free = outcome == OUTCOME.UNLINKED
    notifications.franceconnect_conflict_decided(conflict.account, is_free=is_free, now=now)
    return True
