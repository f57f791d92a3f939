"""Owns the birth date, whose month or day the civil records sometimes do not know (facts 1.5)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from accounts.identity.birth_date_typed import read_typed
from accounts.identity.masked import Masked
from accounts.identity.refusal import ValueRefused

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
OLDEST_YEAR = 1900
UNKNOWN_DAYS, UNKNOWN_MONTHS = (0, 32), (0, 13)  # 32 and 13 are how MSA files say « unknown »
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate(Masked):
    """A year, then a month and a day when they are known; a day is never known without its month."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def from_iso(cls, text: str) -> Self:
        """The registry's form: `1950-00-00` when month and day are unknown."""
        found = ISO.fullmatch(text)
        if not found:
            raise ValueRefused("unreadable")
        year, month, day = map(int, found.groups())
        if month in UNKNOWN_MONTHS:
            return cls.checked(year, None, None)
        return cls.checked(year, month, None if day in UNKNOWN_DAYS else day)

    @classmethod
    def parse_typed(cls, text: str, *, today: date) -> Self:
        """What a member types; a month 13 means « unknown » only beside an unknown day, else it is a slip."""
        day, month, year = read_typed(text)
        if day in UNKNOWN_DAYS and month in UNKNOWN_MONTHS:
            typed = cls.checked(year, None, None)
        else:
            typed = cls.checked(year, month, None if day in UNKNOWN_DAYS else day)
        if year < OLDEST_YEAR:
            raise ValueRefused("too_old")
        if typed.is_after(today):
            raise ValueRefused("future")
        return typed

    @classmethod
    def checked(cls, year: int, month: int | None, day: int | None) -> Self:
        if month is not None and not 1 <= month <= 12:
            raise ValueRefused("impossible_month", {"month": month})
        if year < 1:
            raise ValueRefused("too_old")
        if month is not None and day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
            last = calendar.monthrange(year, month)[1]
            raise ValueRefused("impossible_day", {"last": last, "month": MONTHS[month - 1], "year": year})
        return cls(year, month, day)

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.month or 0:02d}-{self.day or 0:02d}"

    @property
    def typed(self) -> str:
        """As a member would type it, 00 standing for what is unknown."""
        return f"{self.day or 0:02d}/{self.month or 0:02d}/{self.year:04d}"

    @property
    def french(self) -> str:
        day = "1er" if self.day == 1 else self.day
        return " ".join(str(part) for part in (day, self.month and MONTHS[self.month - 1], self.year) if part)

    @property
    def is_complete(self) -> bool:
        return self.month is not None and self.day is not None

    @property
    def latest(self) -> date:
        """Pension law: known by the year alone is born on 31 December; by the month alone, on its last day."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def age_on(self, day: date) -> int:
        born = self.latest
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_after(self, day: date) -> bool:
        """Already future by its first possible day."""
        return date(self.year, self.month or 1, self.day or 1) > day

    def matches(self, registered: "BirthDate") -> bool:
        """Typed against registered: what the registry does not know matches anything, what it knows must be typed."""
        return (
            self.year == registered.year
            and registered.month in (None, self.month)
            and registered.day in (None, self.day)
        )
