"""A department opens: by the code of the letter, or because the registry knows the member there (F02, R11, H09)."""

import uuid
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts import codes, journal, letters, membership, notifications, own_password, passwords, sign_in, throttling
from accounts.compiled import insert_unless_taken
from accounts.identity.caisses import DEPARTMENTS, Department
from accounts.letters import State
from accounts.models import Account, Affiliation, Code, Event, OpenDepartment
from enrolment.departments import answering, known, posting
from enrolment.models import DepartmentRequest

ORIGIN = OpenDepartment.Origin


class Reason(StrEnum):
    """Why a code opens nothing; the member reads one sentence for each."""

    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    SUPERSEDED = "superseded"
    RETURNED = "returned"
    # The account was closed for a while, or to somebody, since the letter left.
    TAKEN_BACK = "taken_back"
    # The registry was quicker than the post.
    OPEN = "open"
    # The affiliation ended while the letter was on its way.
    ENDED = "ended"


class CodeRefused(Exception):
    """So many tries are left, before a wait."""

    def __init__(self, reason: Reason, tries_left: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.tries_left = reason, tries_left


def open_by_registry(account: Account, department: Department, *, now: datetime) -> bool:
    """F02: nobody has to decide what the registry knows. False when it was open already.

    The member's other departments with it: where one row stands, following.py takes what has none for news.
    """
    assert account.member is not None
    # As following.py does: of the two at once one opens and tells.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    known_there = sorted(each.code for each in membership.of(account.member, on=timezone.localdate(now)).departments)
    is_followed = OpenDepartment.objects.filter(account=account, origin=ORIGIN.REGISTRY).exists()
    opened = {code for code in known_there if _insert(account, code, ORIGIN.REGISTRY, now=now)}
    answered = answering.answer({account.pk: opened}, now=now)[account.pk]
    # As following.py has it: whoever was never followed hears of what they had asked for, and of nothing else.
    news = opened if is_followed else answered | (opened & {department.code})
    answering.note_opened(account, news, now=now)
    # The page says that the one is open; not what becomes of a letter.
    if told := (news - {department.code}) | answered:
        answering.tell(account, opened=told, answered=answered, now=now)
    return department.code in opened


def _insert(account: Account, department: str, origin: str, *, now: datetime) -> bool:
    row = OpenDepartment(account=account, department=department, origin=origin, opened_at=now)
    return insert_unless_taken(row)


def open_by_code(account: Account, typed: str, *, browser: bytes, now: datetime) -> DepartmentRequest:
    """Typed in Mon compte. Raises CodeRefused, TooManyAttempts."""
    subject = (throttling.DEPARTMENT_CODE, str(account.pk))
    tries_left = throttling.take(subject, now=now)
    code = codes.find_posted(account, posting.PURPOSE, passwords.as_typed(typed))
    try:
        if code is None:
            raise CodeRefused(Reason.WRONG, tries_left)
        request = open_with(code, browser=browser, now=now)
    except CodeRefused as refused:
        _note_refused(account, refused.reason, now=now)
        raise
    throttling.forgive(subject)
    return request


@sign_in.opens_with(posting.PURPOSE)
def open_at_sign_in(code: Code, *, browser: bytes, now: datetime) -> bool:
    """Typed as a password beside the NIR. What does not open is told like any pair that does not fit (R12)."""
    try:
        open_with(code, browser=browser, now=now)
    except CodeRefused as refused:
        _note_refused(code.account, refused.reason, now=now)
        return False
    return True


def open_with(code: Code, *, browser: bytes, now: datetime) -> DepartmentRequest:
    """The code serves once, and so does its request. Raises CodeRefused."""
    request = DepartmentRequest.objects.select_related("letter").get(pk=uuid.UUID(code.subject))
    request.account = code.account
    if reason := _why_not(code, request, browser=browser, now=now):
        if reason is Reason.ENDED:
            close(request, now=now)
        raise CodeRefused(reason)
    with transaction.atomic():
        # Its account first, as whoever shuts it out does: of the two at once one is the first. Not its key: whoever
        # writes down another letter meanwhile names the account, and must not wait for us while we wait for them.
        Account.objects.select_for_update(no_key=True).get(pk=code.account_id)
        if not codes.use_posted(code, browser=browser, now=now):
            request.refresh_from_db()
            request.account = code.account
            raise CodeRefused(_why_spent(code, request))
        _open(request, now=now)
        if code.used_at is None:  # who comes back owes it already, and ends no session
            own_password.demand(code.account, now=now)
    return request


def _open(request: DepartmentRequest, *, now: datetime) -> None:
    waiting = DepartmentRequest.objects.filter(pk=request.pk, accepted=True, opened_at=None, closed_at=None)
    if not waiting.update(opened_at=now):
        return  # the same browser comes back before its member has chosen a password
    request.opened_at = now
    if request.way == known.ELSEWHERE:
        _insert(request.account, request.department, ORIGIN.CODE, now=now)
    _note_opened(request.account, request.department, by=ORIGIN.CODE, now=now)
    notifications.department_opened(request.account, DEPARTMENTS[request.department], now=now)


def _why_not(code: Code, request: DepartmentRequest, *, browser: bytes, now: datetime) -> Reason | None:
    """The first reason that holds. The affiliation is asked for here: an import may have been a minute ago."""
    if now >= code.expires_at:
        return Reason.EXPIRED
    if code.used_at and bytes(code.browser or b"") != browser:
        return _why_spent(code, request)
    if request.closed_at or has_ended(request, now=now):
        return Reason.ENDED
    return None


def _why_spent(code: Code, request: DepartmentRequest) -> Reason:
    if any(other.created_at > code.created_at for other in posting.codes_of(request)):
        return Reason.SUPERSEDED
    if request.closed_at:
        return Reason.ENDED
    if request.opened_at:
        return Reason.OPEN if _by_registry(request) else Reason.USED
    if request.letter is None:
        return Reason.TAKEN_BACK
    return Reason.RETURNED if letters.state(request.letter) is State.RETURNED else Reason.USED


def _by_registry(request: DepartmentRequest) -> bool:
    """Whether the registry opened what was asked for, before the code was typed."""
    assert request.opened_at
    known_there = OpenDepartment.objects.filter(account=request.account, department=request.department)
    return known_there.filter(origin=ORIGIN.REGISTRY, opened_at=request.opened_at).exists()


def has_ended(request: DepartmentRequest, *, now: datetime) -> bool:
    """Whether the registry says since the request that the member has left; or, on the way « here », has no farm."""
    today, member = timezone.localdate(now), request.account.member
    if member is None or member.deceased:
        return True
    if request.way == known.HERE:
        return request.department not in known.farms_of(request.account, on=today)
    rows = list(Affiliation.objects.filter(member=member, department=request.department))
    asked_on = timezone.localdate(request.created_at)
    # One that was over before they asked was known to whoever accepted.
    recent = [row for row in rows if row.until is None or row.until >= asked_on]
    return bool(recent) and not any(row.until is None or row.until >= today for row in recent)


@transaction.atomic
def close(request: DepartmentRequest, *, now: datetime) -> bool:
    """The request is over without having opened anything: its code is worth nothing. False when it was over."""
    live = DepartmentRequest.objects.filter(pk=request.pk, opened_at=None, closed_at=None)
    if not live.update(closed_at=now):
        return False
    posting.supersede(request, now=now)
    detail = {"department": request.department, "reference": request.reference, "by": ORIGIN.REGISTRY}
    journal.record(Event.DEPARTMENT_CLOSED, account=request.account_id, detail=detail, now=now)
    return True


@sign_in.closed_by_shut_out
@sign_in.closed_by_suspension
def take_back(account: Account, *, now: datetime) -> None:
    """Whoever had typed a code comes back with it no more, and what is in the post opens nothing.

    No shut-out of a member is a harmless one: « Ce n'est pas moi » and the undo of an address end every code of the
    account (J16, R13), a suspension keeps somebody away; each is against a person who may hold the letter.
    """
    codes.settle_posted(account, posting.PURPOSE)
    posting.take_back(account, now=now)


def _note_opened(account: Account, department: str, *, by: str, now: datetime) -> None:
    detail = {"department": department, "by": str(by)}
    journal.record(Event.DEPARTMENT_OPENED, account=account, detail=detail, now=now)


def _note_refused(account: Account, reason: Reason, *, now: datetime) -> None:
    journal.record(Event.DEPARTMENT_CODE_REFUSED, account=account, detail={"reason": str(reason)}, now=now)
