"""The registry answers what a member had asked for: no code is needed any more, and they hear of it once (F02, R11)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts import journal, notifications
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Event, OpenDepartment
from enrolment.departments import posting
from enrolment.models import DepartmentRequest

BY = str(OpenDepartment.Origin.REGISTRY)
# Departments by account.
Changes = dict[uuid.UUID, set[str]]


def answer(opened: Changes, *, now: datetime) -> Changes:
    """What is open now ends the requests for it, with their codes. Returns which departments had one."""
    elsewhere = DepartmentRequest.objects.filter(way=DepartmentRequest.Way.ELSEWHERE, closed_at=None, opened_at=None)
    answered: Changes = defaultdict(set)
    for request in among(elsewhere, opened):
        posting.supersede(request, now=now)
        unanswered = {} if request.decided_at else {"decided_at": now, "accepted": True}
        waiting = DepartmentRequest.objects.filter(pk=request.pk, closed_at=None, opened_at=None)
        if waiting.update(opened_at=now, **unanswered):
            answered[request.account_id].add(request.department)
    return answered


def among(requests: QuerySet[DepartmentRequest], changes: Changes) -> list[DepartmentRequest]:
    """Those of them that are for what has changed."""
    found = requests.filter(account__in=list(changes))
    return [each for each in found if each.department in changes[each.account_id]]


def note_opened(account: Account, departments: Iterable[str], *, now: datetime) -> None:
    for department in sorted(departments):
        detail = {"department": department, "by": BY}
        journal.record(Event.DEPARTMENT_OPENED, account=account, detail=detail, now=now)


def tell(
    account: Account, *, opened: Iterable[str], closed: Iterable[str] = (), answered: Iterable[str] = (), now: datetime
) -> None:
    """One e-mail, whatever changed; `answered` are those among the opened whose letter is needed no more."""
    named = {"opened": opened, "closed": closed, "answered": answered}
    told = {name: [DEPARTMENTS[each] for each in sorted(codes)] for name, codes in named.items()}
    notifications.departments_changed(account, **told, now=now)
