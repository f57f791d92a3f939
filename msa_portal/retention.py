"""How long things are kept, in every room of the house (R16)."""

from datetime import datetime

from accounts import retention as accounts_retention
from enrolment import retention as enrolment_retention


def purge(*, now: datetime) -> dict[str, int]:
    """Apply each room's rules; returns how many rows went, by kind."""
    return {**enrolment_retention.purge(now=now), **accounts_retention.purge(now=now)}
