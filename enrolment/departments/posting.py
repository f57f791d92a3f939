"""The letter with the code: made only when it can leave, printed once, kept as a fingerprint (R11, R13)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import codes, journal, letters, passwords
from accounts.identity.caisses import DEPARTMENTS
from accounts.letters import State
from accounts.models import Account, Code, Event, Letter
from enrolment.models import DepartmentRequest

PURPOSE = Code.Purpose.DEPARTMENT
# The oldest so many at a time. Far more than wait at once: who has no address must not keep the others waiting.
SWEEP = 5000


class Sending(StrEnum):
    """Whether the code is on its way."""

    SENT = "sent"
    # One letter with a secret a day, four in 30 days (R13): when there is room.
    LATER = "later"
    # The account is closed for a while: once it is open again.
    CLOSED = "closed"
    # No address, or one from which a letter came back.
    NO_ADDRESS = "no_address"


@transaction.atomic(savepoint=False)
def send_code(request: DepartmentRequest, *, now: datetime) -> Sending:
    """Another code for an accepted request; the one before opens nothing any more."""
    member = request.account.member
    assert member is not None
    # Asked here, by whoever holds the request: a suspension that waits for it takes back what leaves now.
    if not Account.objects.filter(pk=request.account_id, is_active=True).exists():
        return _withheld(request, Sending.CLOSED, now=now)
    if not letters.can_be_posted_to(member):
        return _withheld(request, Sending.NO_ADDRESS, now=now)

    def secret() -> dict[str, Any]:
        code, life = passwords.temporary_password(), settings.DEPARTMENT_CODE_LIFE
        supersede(request, now=now)
        codes.issue_posted(request.account, PURPOSE, code, subject=request.pk.hex, life=life, now=now)
        return {
            "code": passwords.grouped(code),
            "until": (now + life).isoformat(),
            "department": DEPARTMENTS[request.department].label,
            "reference": request.reference,
        }

    kind = Letter.Kind.DEPARTMENT_CODE
    if not letters.post_secret(kind, member=member, now=now, secret=secret):
        return _withheld(request, Sending.LATER, now=now)
    # No other of this kind is of this moment: there is one in 24 hours.
    request.letter = Letter.objects.filter(member=member, kind=kind, created_at=now).get()
    request.save(update_fields=["letter"])
    _note(Event.DEPARTMENT_CODE_SENT, request, now=now)
    return Sending.SENT


def _withheld(request: DepartmentRequest, why: Sending, *, now: datetime) -> Sending:
    _note(Event.DEPARTMENT_CODE_WITHHELD, request, now=now, why=why)
    return why


def _note(event: Event, request: DepartmentRequest, *, now: datetime, **more: str) -> None:
    detail = {"department": request.department, "reference": request.reference, **more}
    journal.record(event, account=request.account_id, detail=detail, now=now)


def codes_of(request: DepartmentRequest) -> list[Code]:
    """The codes that were issued for this request, newest first. Their subject is sealed: few are read, and here."""
    issued = Code.objects.filter(account=request.account_id, purpose=PURPOSE).order_by("-created_at")
    return [code for code in issued if code.subject == request.pk.hex]


def supersede(request: DepartmentRequest, *, now: datetime) -> None:
    """What was issued for this request so far opens nothing any more."""
    mine = [code.pk for code in codes_of(request)]
    Code.objects.filter(pk__in=mine, used_at=None).update(used_at=now)


def take_back(account: Account, *, now: datetime) -> None:
    """What is in the post for this account opens nothing any more. Its requests stay accepted: another letter leaves.

    The requests first: whoever sends a letter holds its request, and the code of that letter is seen then.
    """
    live = DepartmentRequest.objects.filter(account=account, accepted=True, opened_at=None, closed_at=None)
    live.update(letter=None)
    codes.cancel(account, PURPOSE, now=now)


class AnotherRefused(Exception):
    """No other code now; `not_before` says when, where that is known."""

    def __init__(self, why: str, not_before: datetime | None = None) -> None:
        super().__init__(why)
        self.why, self.not_before = why, not_before


def another_from(request: DepartmentRequest) -> datetime | None:
    """When the member may ask for another code: a week after the last one, at once when that one is lost."""
    letter = request.letter
    if letter is None or letters.state(letter) in (State.RETURNED, State.SET_ASIDE):
        return None
    return letter.created_at + settings.DEPARTMENT_CODE_AGAIN


@transaction.atomic
def send_another(request: DepartmentRequest, *, now: datetime) -> None:
    """The member has lost the letter, or it never came. Raises AnotherRefused."""
    # Locked: of two clicks the second sees the letter of the first.
    live = DepartmentRequest.objects.select_for_update(of=("self",)).select_related("account__member", "letter")
    waiting = live.filter(pk=request.pk, accepted=True, opened_at=None, closed_at=None).first()
    if waiting is None:
        raise AnotherRefused("over")
    not_before = another_from(waiting)
    if not_before and now < not_before:
        raise AnotherRefused("too_soon", not_before)
    sending = send_code(waiting, now=now)
    if sending is not Sending.SENT:
        raise AnotherRefused(sending)


def without_letter() -> QuerySet[DepartmentRequest]:
    """Accepted, and their code could not leave yet, or was taken back; nobody writes to a closed account."""
    accepted = DepartmentRequest.objects.filter(accepted=True, opened_at=None, closed_at=None, letter=None)
    return accepted.filter(account__is_active=True).select_related("account__member").order_by("decided_at", "pk")


def send_waiting(*, now: datetime) -> int:
    """The codes that had to wait, where there is room or an address now. Returns how many left."""
    waiting = list(without_letter().values_list("pk", flat=True)[:SWEEP])
    return sum(_send_if_possible(each, now=now) for each in waiting)


@transaction.atomic
def _send_if_possible(waiting: uuid.UUID, *, now: datetime) -> bool:
    """Locked: another worker, or the member's own click, sends no second one."""
    request = without_letter().select_for_update(of=("self",)).filter(pk=waiting).first()
    if request is None or request.account.member is None:
        return False
    member = request.account.member
    # Looked at first: what still cannot leave is not told to the journal every hour.
    if letters.wait_for_secret(member, now=now) or not letters.can_be_posted_to(member):
        return False
    return send_code(request, now=now) is Sending.SENT
