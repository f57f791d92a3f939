"""A request for another department, at each of its stages (« Complément d'inscription »)."""

from datetime import datetime, timedelta

from accounts.identity.caisses import DEPARTMENTS
from accounts.letters.text import compose
from accounts.models import Account, Letter, OpenDepartment
from enrolment.departments import asking, deciding
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.members import A_MOMENT

AIN = "01"
A_DAY = timedelta(days=1)
HERE, ELSEWHERE = DepartmentRequest.Way.HERE, DepartmentRequest.Way.ELSEWHERE


def asked(
    account: Account, department: str = AIN, *, way: str = ELSEWHERE, now: datetime = A_MOMENT
) -> DepartmentRequest:
    done = asking.ask(account, department=DEPARTMENTS[department], way=way, now=now)
    assert done.outcome is asking.Outcome.FILED
    assert done.request
    return done.request


def accepted(
    account: Account, department: str = AIN, *, way: str = ELSEWHERE, now: datetime = A_MOMENT
) -> DepartmentRequest:
    request = asked(account, department, way=way, now=now)
    assert deciding.accept(request, by=an_agent(caisse="", role="national"), now=now)
    request.refresh_from_db()
    return request


def code_of(request: DepartmentRequest) -> str:
    """As the letter shows it, before it is printed."""
    request.refresh_from_db()
    assert request.letter
    return compose(request.letter).secret


def posted(request: DepartmentRequest, *, now: datetime) -> Letter:
    """Printed and handed to the post: what was in it is forgotten."""
    request.refresh_from_db()
    assert request.letter
    Letter.objects.filter(pk=request.letter.pk).update(printed_at=now, posted_at=now, content=None)
    request.letter.refresh_from_db()
    return request.letter


def open_now(account: Account) -> dict[str, str]:
    """Department → by what it is open."""
    return dict(OpenDepartment.objects.filter(account=account, closed_at=None).values_list("department", "origin"))
