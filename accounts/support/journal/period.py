"""Whole days of the journal, a month at most (issue 5, Support desk 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone

from accounts.models import Entry

FROM, TO = "du", "au"
USUAL_DAYS, MOST_DAYS = 7, 31
Rows = models.QuerySet[Entry]


class PeriodRefused(Exception):
    """Not two days, or not in this order, or more than a month."""


@dataclass(frozen=True)
class Period:
    """Whole days of Paris, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, sent: Mapping[str, str], *, today: date) -> "Period":
        """What was asked for, or the last days. Raises PeriodRefused."""
        last = _day(sent.get(TO)) or today
        first = _day(sent.get(FROM)) or last - timedelta(days=USUAL_DAYS - 1)
        if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise PeriodRefused
        return cls(first, last)

    def within(self, rows: Rows) -> Rows:
        zone = timezone.get_default_timezone()
        start = datetime.combine(self.first, datetime.min.time(), zone)
        end = datetime.combine(self.last + timedelta(days=1), datetime.min.time(), zone)
        return rows.filter(at__gte=start, at__lt=end)


def _day(typed: str | None) -> date | None:
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise PeriodRefused from None
    if not 2000 <= found.year <= 2999:
        raise PeriodRefused
    return found
