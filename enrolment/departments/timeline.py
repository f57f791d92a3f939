"""What a member sees of each department: asked, accepted, printed, posted, opened, and what comes next (H08, R11)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings

from accounts import letters
from accounts.identity.caisses import DEPARTMENTS, Department
from accounts.letters import State
from accounts.letters.text import Reason
from accounts.models import Account
from enrolment.departments import post_days, posting
from enrolment.models import DepartmentRequest


class Stage(StrEnum):
    """What may have happened, or be waited for; the page has the words."""

    ASKED = "asked"
    DECISION = "decision"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ADDRESS = "no_address"
    LATER = "later"
    SOON = "soon"
    TO_PRINT = "to_print"
    SET_ASIDE = "set_aside"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"
    CODE = "code"
    EXPIRED = "expired"
    OPENED = "opened"
    KNOWN = "known"
    CLOSED = "closed"


class Mark(StrEnum):
    """Done, now, still to come, or stopped until somebody does something."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Step:
    """One line: what, how far, since when, and until when where that is known."""

    stage: Stage
    mark: Mark
    at: datetime | None = None
    until: datetime | date | None = None


@dataclass(frozen=True)
class Line:
    """One department, as it was asked for."""

    department: Department
    request: DepartmentRequest
    steps: tuple[Step, ...]
    # A code may be typed; another one may be asked for, from this moment on.
    takes_code: bool = False
    another_from: datetime | None = None
    may_have_another: bool = False

    @property
    def is_over(self) -> bool:
        return bool(self.request.opened_at or self.request.closed_at)


def of(account: Account, *, now: datetime) -> tuple[Line, ...]:
    """The newest request of each department and way, newest first."""
    rows = DepartmentRequest.objects.filter(account=account).select_related("letter").order_by("-created_at", "-pk")
    newest: dict[tuple[str, str], DepartmentRequest] = {}
    for row in rows:
        newest.setdefault((row.department, row.way), row)
    waiting = any(row.accepted and not row.opened_at and not row.closed_at for row in newest.values())
    sending = _sending(account, now=now) if waiting else posting.Sending.SENT
    return tuple(_line(row, sending, now=now) for row in newest.values())


def _sending(account: Account, *, now: datetime) -> posting.Sending:
    """Whether a letter with a secret could leave now: asked once, for all requests."""
    member = account.member
    if member is None or not letters.can_be_posted_to(member):
        return posting.Sending.NO_ADDRESS
    return posting.Sending.LATER if letters.wait_for_secret(member, now=now) else posting.Sending.SENT


def _line(request: DepartmentRequest, sending: posting.Sending, *, now: datetime) -> Line:
    steps = tuple(_steps(request, sending, now=now))
    department = DEPARTMENTS[request.department]
    if request.opened_at or request.closed_at or not request.accepted or request.letter is None:
        return Line(department, request, steps)
    # Without an address no code can leave, whoever asks for it.
    from_when = posting.another_from(request)
    may = sending is posting.Sending.SENT and (from_when is None or now >= from_when)
    alive = not any(step.stage in (Stage.RETURNED, Stage.EXPIRED, Stage.SET_ASIDE) for step in steps)
    return Line(department, request, steps, takes_code=alive, another_from=from_when, may_have_another=may)


def _steps(request: DepartmentRequest, sending: posting.Sending, *, now: datetime) -> list[Step]:
    asked = Step(Stage.ASKED, Mark.DONE, request.created_at)
    if request.decided_at is None and not request.opened_at:
        if request.closed_at:
            return [asked, Step(Stage.CLOSED, Mark.STOPPED, request.closed_at)]
        return [asked, Step(Stage.DECISION, Mark.NOW), Step(Stage.TO_PRINT, Mark.NEXT), Step(Stage.CODE, Mark.NEXT)]
    if request.accepted is False:
        return [asked, Step(Stage.REFUSED, Mark.STOPPED, request.decided_at)]
    decided = [Step(Stage.ACCEPTED, Mark.DONE, request.decided_at)] if request.decided_by else []
    return [asked, *decided, *_posting(request, sending), *_end(request, now=now)]


def _posting(request: DepartmentRequest, sending: posting.Sending) -> list[Step]:
    letter, over = request.letter, bool(request.opened_at or request.closed_at)
    if letter is None:
        if over:
            return []
        match sending:
            case posting.Sending.NO_ADDRESS:
                return [Step(Stage.NO_ADDRESS, Mark.STOPPED)]
            case posting.Sending.LATER:
                return [Step(Stage.LATER, Mark.NOW)]
        # Nothing stands in its way any more: the sweep sends it within the hour.
        return [Step(Stage.SOON, Mark.NOW)]
    match letters.state(letter):
        case State.SET_ASIDE if letter.set_aside == Reason.SPENT:
            return []  # it grew too old in the queue: the last line says so
        case State.SET_ASIDE:
            return [] if over else [Step(Stage.SET_ASIDE, Mark.STOPPED)]
        case State.QUEUED | State.IN_BATCH:
            return [] if over else [Step(Stage.TO_PRINT, Mark.NOW)]
    steps = [Step(Stage.PRINTED, Mark.DONE, letter.printed_at)]
    if letter.posted_at:
        mark = Mark.DONE if over or letter.returned_at else Mark.NOW
        arrives = post_days.expected(letter.posted_at, department=letter.department)
        steps.append(Step(Stage.POSTED, mark, letter.posted_at, until=arrives))
    if letter.returned_at and not over:
        steps.append(Step(Stage.RETURNED, Mark.STOPPED, letter.returned_at))
    return steps


def _end(request: DepartmentRequest, *, now: datetime) -> list[Step]:
    if request.closed_at:
        opened = [Step(Stage.OPENED, Mark.DONE, request.opened_at)] if request.opened_at else []
        return [*opened, Step(Stage.CLOSED, Mark.STOPPED, request.closed_at)]
    if request.opened_at:
        return [Step(Stage.OPENED if request.decided_by else Stage.KNOWN, Mark.DONE, request.opened_at)]
    letter = request.letter
    if letter is None:
        return [Step(Stage.CODE, Mark.NEXT)]
    if letter.returned_at or letter.set_aside not in ("", Reason.SPENT):
        return []
    until = letter.created_at + settings.DEPARTMENT_CODE_LIFE
    is_over = now >= until or letter.set_aside
    return [Step(Stage.EXPIRED, Mark.STOPPED, until) if is_over else Step(Stage.CODE, Mark.NEXT, until=until)]
