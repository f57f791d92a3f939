"""A member asks for a department: acknowledged at once, by law, and never twice (H07, H08; ordonnance 2005-1516)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts import journal, notifications
from accounts.compiled import insert_unless_taken
from accounts.identity.caisses import Department
from accounts.models import Account, Event
from accounts.throttling import DEPARTMENT_ASKS, take
from enrolment.departments import known, opening
from enrolment.models import DepartmentRequest
from enrolment.requests import new_reference


class Outcome(StrEnum):
    """What became of the wish."""

    FILED = "filed"
    # A second click, another tab: the request that is there is the answer.
    WAITING = "waiting"
    # The registry knows the member there: nothing has to be decided (F02).
    OPENED = "opened"
    OPEN = "open"
    # The services of farms and companies, asked for by somebody who has neither (H05).
    NOT_THEIRS = "not_theirs"


@dataclass(frozen=True)
class Asked:
    """The outcome, with the request when there is one."""

    outcome: Outcome
    request: DepartmentRequest | None = None


@transaction.atomic
def ask(account: Account, *, department: Department, way: str, now: datetime) -> Asked:
    """Raises TooManyAttempts."""
    state = known.of(account, on=timezone.localdate(now))
    if way == known.HERE:
        return _ask_here(account, state, department, now=now)
    if state.membership.department(department.code):
        opened = opening.open_by_registry(account, department, now=now)
        return Asked(Outcome.OPENED if opened else Outcome.OPEN)
    return _file(account, department, way, now=now)


def _ask_here(account: Account, state: known.Known, department: Department, *, now: datetime) -> Asked:
    earlier = state.request(department, known.HERE)
    if earlier and earlier.opened_at:
        return Asked(Outcome.OPEN, earlier)
    if not earlier and department not in state.here:
        return Asked(Outcome.NOT_THEIRS)
    return _file(account, department, known.HERE, now=now)


def _file(account: Account, department: Department, way: str, *, now: datetime) -> Asked:
    mine = {"account": account, "department": department.code, "way": way}
    request = DepartmentRequest(**mine, reference=new_reference(), created_at=now)
    if not insert_unless_taken(request):
        return Asked(Outcome.WAITING, DepartmentRequest.objects.get(**mine, closed_at=None, opened_at=None))
    take((DEPARTMENT_ASKS, str(account.pk)), now=now)
    notifications.department_request_received(account, request.reference, department, now=now)
    detail = {"department": department.code, "way": way, "reference": request.reference}
    journal.record(Event.DEPARTMENT_ASKED, account=account, detail=detail, now=now)
    return Asked(Outcome.FILED, request)
