"""How long things are kept, in every room of the house (R16)."""

from datetime import datetime

from accounts import retention as accounts_retention
from enrolment import retention as enrolment_retention
from franceconnect import retention as franceconnect_retention


def purge(*, now: datetime) -> dict[str, int]:
    """Apply each room's rules; returns how many rows went, by kind."""
    rooms = (enrolment_retention, franceconnect_retention, accounts_retention)
    return {kind: count for room in rooms for kind, count in room.purge(now=now).items()}
