"""What an agent is not shown: the page does not exist, and the journal says that somebody asked for it (R20, R21)."""

import re
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts import journal, throttling
from accounts.models import Event
from accounts.throttling import SUPPORT_REFUSED, TooManyAttempts

# The key of a row may stand in the journal; whatever else somebody typed into an address may not: it may be a NIR.
KEY = re.compile(r"[0-9]{1,9}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class Why(StrEnum):
    """Codes: they stand in the journal."""

    DOOR = "door"  # signed in, but not by the agents' door
    ROLE = "role"
    SCOPE = "scope"  # another caisse's, or nothing at all: it is not said which
    FILTER = "filter"


class Refused(Http404):
    """Not for this agent. Raised anywhere behind the desk's door, which journals it (accounts.support.desk)."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def note(request: HttpRequest, why: Why) -> None:
    """One line, written outside whatever transaction the refusal has undone.

    So many an hour for one account: what nobody can shorten again is not for anybody to fill. The last line says so.
    """
    now, who = timezone.now(), request.user.pk
    try:
        left = throttling.take((SUPPORT_REFUSED, str(who)), now=now)
    except TooManyAttempts:
        return
    match = request.resolver_match
    detail: dict[str, Any] = {"why": why, "what": match.url_name if match else ""}
    row = str(match.kwargs.get("object_id", "")) if match else ""
    if KEY.fullmatch(row):
        detail["row"] = row
    if not left:
        detail["limit"] = SUPPORT_REFUSED.name
    journal.record(Event.SUPPORT_REFUSED, account=who, detail=detail, now=now)
