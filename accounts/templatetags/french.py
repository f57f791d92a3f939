"""Dates, amounts and telephone numbers as a French reader expects them; every template has these filters."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from accounts.identity.amount import french_amount
from accounts.identity.phone import Phone

register = template.Library()

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
NBSP = "\u00a0"


@register.filter
def french_date(value: date | None) -> str:
    """« 8 septembre 2026 », « 1er octobre 2026 »; a moment is the day it falls on in Paris."""
    if not value:
        return ""
    day = local(value)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


@register.filter
def french_datetime(value: datetime | None) -> str:
    """« 8 septembre 2026 à 17 h 05 », Paris time; the hour never breaks at the end of a line."""
    return f"{french_date(value)} à {french_time(value)}" if value else ""


@register.filter
def french_time(value: datetime | None) -> str:
    """« 17 h 05 », « 9 h », Paris time."""
    if not value:
        return ""
    moment = timezone.localtime(value, timezone.get_default_timezone())
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02d}" if moment.minute else f"{moment.hour}{NBSP}h"


@register.filter
def euros(cents: int | None) -> str:
    """« 1 234,56 € »."""
    return "" if cents is None else french_amount(cents)


@register.filter
def grouped(number: int) -> str:
    """« 5 000 »."""
    return f"{number:,}".replace(",", "\u00a0")


@register.filter
def phone(value: Phone | str | None) -> str:
    """« 06 12 34 56 78 »; what is already grouped stays as it is."""
    if not value:
        return ""
    if isinstance(value, Phone):
        return value.grouped
    return Phone(value).grouped if value.startswith("+") and " " not in value else value


@register.filter
def nbsp(value: str | None) -> str:
    """What must not be cut at the end of a line: a telephone number, a number and its unit."""
    return str(value or "").replace(" ", NBSP)


@register.filter
def folding(address: str) -> str:
    """An e-mail address that is too long for its line folds after its @, not in the middle of a word."""
    name, at, host = address.partition("@")
    return format_html("{}@<wbr>{}", name, host) if at else address


def local(value: date) -> date:
    """The day in Paris: a datetime of the database is in UTC."""
    return timezone.localtime(value, timezone.get_default_timezone()).date() if isinstance(value, datetime) else value
