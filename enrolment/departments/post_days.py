"""When a letter arrives: the days on which the post delivers (H08, H09)."""

from datetime import date, datetime, timedelta

from dateutil.easter import easter
from django.utils import timezone

# A letter at the ordinary rate, in days on which the post delivers.
POST_DAYS = 3
SATURDAY = 5
# The holidays whose day never changes, and those that follow Easter: its Monday, Ascension, Whit Monday (code du
# travail, L3133-1).
HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
AFTER_EASTER = frozenset({1, 39, 50})
# Moselle, Bas-Rhin and Haut-Rhin keep Good Friday and 26 December as well (L3134-13).
ALSACE_MOSELLE = frozenset({"57", "67", "68"})
GOOD_FRIDAY, SAINT_STEPHEN = -2, (12, 26)


def expected(posted_at: datetime, *, department: str) -> date:
    """Three days on which the post delivers there, after the day it was posted."""
    day, left = timezone.localdate(posted_at), POST_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, department=department)
    return day


def is_working_day(day: date, *, department: str) -> bool:
    return day.weekday() < SATURDAY and not _is_holiday(day, department)


def _is_holiday(day: date, department: str) -> bool:
    fixed, from_easter = (day.month, day.day), (day - easter(day.year)).days
    if department in ALSACE_MOSELLE and (fixed == SAINT_STEPHEN or from_easter == GOOD_FRIDAY):
        return True
    return fixed in HOLIDAYS or from_easter in AFTER_EASTER
