"""What operators have decided instead of the settings: how many tries a limit lets pass, for a while (R12, R13).

Only the tries: a period or a wait is what a page promises in words. A process knows the numbers for ten seconds; a
database that does not answer leaves what was known, and to a process that knows nothing the settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error, models, transaction

from accounts import journal
from accounts.models import Account, ChangedLimit, Event

KNOWN_FOR = 10.0
# Ten times more, ten times less: what is typed with a zero too many does not shut the portal, nor open it.
FACTOR = 10
# Whom these slow down is a crowd behind one network, or the portal's own staff: more of them is no easier a guess.
# Every other one is a law's or a promise's number, for one member or one agent (R9, R12, R13): it is only lowered.
MAY_RISE = frozenset(
    {
        "sign_in_network",
        "sign_in_everywhere",
        "franceconnect_network",
        "agent_network",
        "code_desk",
        "journal_checks",
        "registration_start",
        "registration_network",
        "requests_network",
        "password_reset_network",
        "service_requests",
        "strength_checks",
        "message_checks",
        "support_search",
        "support_search_day",
    }
)
# How much of what was tried stands in the journal: fewer lines would hide who tried it, more would fill it.
OF_THE_JOURNAL = frozenset({"support_refused"})
RESTORED = "restored"


class Reason(models.TextChoices):
    """Why a limit is changed. Codes: they stand in the journal."""

    ATTACK = "attack", "attaque en cours"
    CROWD = "crowd", "affluence attendue"
    HINDERED = "hindered", "personnes gênées à tort"
    CALM = "calm", "retour au calme"


class ChangedMeanwhile(Exception):
    """Somebody else has changed this limit since it was shown."""


class OutOfBounds(Exception):
    """More, or fewer, than an operator decides."""


@dataclass(frozen=True)
class _Known:
    """The numbers by limit, and until when nobody has to look again."""

    tries: Mapping[str, int]
    look_again_at: float = 0.0


_known = _Known({})
_reading = Lock()


def setting(name: str) -> int:
    return settings.THROTTLES[name][0]


def bounds(name: str) -> tuple[int, int]:
    """The fewest and the most tries that an operator may decide."""
    tries = setting(name)
    if name in OF_THE_JOURNAL:
        return tries, tries
    return max(1, tries // FACTOR), tries * FACTOR if name in MAY_RISE else tries


def tries(name: str) -> int:
    """How many this limit lets pass, as this process knows it. Who comes while another thread reads does not wait."""
    if _known.look_again_at <= monotonic() and _reading.acquire(blocking=False):
        try:
            _read()
        finally:
            _reading.release()
    return _within(name, _known.tries[name]) if name in _known.tries else setting(name)


def _within(name: str, number: int) -> int:
    """A setting that has changed since takes its bounds along."""
    fewest, most = bounds(name)
    return min(max(number, fewest), most)


def _read() -> None:
    try:
        # Read in the midst of anything: what fails here must not undo what surrounds it.
        with transaction.atomic():
            found: Mapping[str, int] = dict(ChangedLimit.objects.values_list("limit", "tries"))
    except Error:
        found = _known.tries
    know(found)


def know(numbers: Mapping[str, int], *, until: float | None = None) -> None:
    """These hold in this process, until it looks again."""
    global _known  # noqa: PLW0603  one value for the whole process, replaced and never changed
    _known = _Known(numbers, monotonic() + KNOWN_FOR if until is None else until)


def forget_cache() -> None:
    """The next try looks again."""
    know({}, until=0.0)


def standing() -> dict[str, ChangedLimit]:
    """What is changed in the database now, by limit; of limits that the settings still have."""
    return {each.limit: each for each in ChangedLimit.objects.filter(limit__in=settings.THROTTLES)}


def in_force(name: str, row: ChangedLimit | None) -> int:
    return _within(name, row.tries) if row else setting(name)


def change(name: str, *, tries: int, seen: int, reason: Reason, by: Account, now: datetime) -> bool:
    """Returns whether that is another number than before. Raises OutOfBounds, ChangedMeanwhile.

    `seen` is the number in force when the operator decided: of two who saw the same one, one decides.
    """
    fewest, most = bounds(name)
    if not fewest <= tries <= most:
        raise OutOfBounds
    return tries != seen and _decided(name, tries=tries, seen=seen, reason=reason, by=by, now=now)


def restore(name: str, *, seen: int, by: Account, now: datetime) -> bool:
    """« Revenir au réglage ». Returns whether anything was changed. Raises ChangedMeanwhile."""
    return _decided(name, tries=setting(name), seen=seen, reason=RESTORED, by=by, now=now)


def _decided(name: str, **told: Any) -> bool:
    """In force here at once, elsewhere when the others look again."""
    try:
        return _decide(name, **told)
    finally:
        forget_cache()


@transaction.atomic
def _decide(name: str, *, tries: int, seen: int, reason: str, by: Account, now: datetime) -> bool:
    row = ChangedLimit.objects.filter(limit=name).first()
    if in_force(name, row) != seen:
        raise ChangedMeanwhile
    if row is None and tries == seen:
        return False
    if not _replace(name, row, tries=tries, by=by, now=now):
        raise ChangedMeanwhile
    detail = {"limit": name, "tries": tries, "before": seen, "setting": setting(name), "reason": str(reason)}
    journal.record(Event.LIMIT_CHANGED, account=by, detail={**detail, "by": by.pk.hex}, now=now)
    return True


def _replace(name: str, row: ChangedLimit | None, *, tries: int, by: Account, now: datetime) -> bool:
    told = {"tries": tries, "changed_at": now, "changed_by": by.pk}
    if row is None:
        return ChangedLimit.objects.get_or_create(limit=name, defaults=told)[1]
    as_read = ChangedLimit.objects.filter(limit=name, tries=row.tries, changed_at=row.changed_at)
    return bool(as_read.delete()[0] if tries == setting(name) else as_read.update(**told))
