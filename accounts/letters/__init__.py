"""Letters: written beside their cause, queued per caisse, printed in batches, posted, returned (R5, R7, R13)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import membership, public_codes
from accounts.identity.caisses import Department
from accounts.letters import addresses
from accounts.letters.addresses import clear_bad_address
from accounts.letters.posting import mark_posted, mark_returned
from accounts.letters.printing import print_at_once
from accounts.letters.states import State, state
from accounts.models import Account, Company, Letter, Member
from accounts.throttling import SECRET_LETTER_DAY, SECRET_LETTER_MONTH, Subject, TooManyAttempts, take, wait_of

__all__ = [
    "State",
    "can_be_posted_to",
    "clear_bad_address",
    "has_address",
    "mark_posted",
    "mark_returned",
    "post",
    "post_secret",
    "post_secret_to_company",
    "post_to_company",
    "state",
    "wait_for_secret",
]


def has_address(member: Member) -> bool:
    """Whether there is somebody and somewhere to write to."""
    return bool(member.postal_address) and not member.deceased


def can_be_posted_to(member: Member) -> bool:
    """Whether a secret may go to the address the MSA knows: no letter came back from there."""
    return has_address(member) and not addresses.is_bad(member)


def post(kind: Letter.Kind, *, member: Member, now: datetime, **details: Any) -> Letter:
    """Queue one letter at the member's caisse."""
    departments = membership.of(member, on=timezone.localdate(now)).departments
    return _queue(
        {"kind": kind, "member": member},
        address=member.postal_address,
        department=departments[0] if departments else None,
        details=details,
        now=now,
    )


def post_to_company(
    kind: Letter.Kind,
    *,
    account: Account | None,
    address: list[str],
    department: Department,
    now: datetime,
    details: dict[str, Any],
) -> Letter:
    """Queue one letter for a company, which the registry does not know, at the caisse of its department (R1)."""
    return _queue({"kind": kind, "account": account}, address=address, department=department, details=details, now=now)


def _queue(
    to: dict[str, Any],
    *,
    address: list[str],
    department: Department | None,
    details: dict[str, Any],
    now: datetime,
) -> Letter:
    def write(public_code: str) -> Letter:
        letter = Letter(
            **to,
            department=department.code if department else "",
            caisse=department.caisse.code if department else "",
            address_fingerprint=addresses.mark(address),
            public_code=public_code,
            created_at=now,
        )
        letter.content = {"address": address, **details}
        public_codes.insert(letter)
        return letter

    letter = public_codes.write_with_a_code(write)
    if settings.LETTERS_AT_ONCE_DIR:
        transaction.on_commit(lambda: print_at_once(letter), robust=True)
    return letter


def post_secret(kind: Letter.Kind, *, member: Member, now: datetime, secret: Callable[[], dict[str, Any]]) -> bool:
    """Queue a letter with a secret if the limits allow one more; the secret is made only then."""
    try:
        with transaction.atomic():
            take(*_limits(bytes(member.nir_fingerprint)), now=now)
    except TooManyAttempts:
        return False
    post(kind, member=member, now=now, **secret())
    return True


def post_secret_to_company(
    kind: Letter.Kind, *, company: Company, now: datetime, secret: Callable[[], dict[str, Any]]
) -> bool:
    """The same for a company: nothing goes to where a letter came back from, and the limits are those of everybody."""
    lines = company.postal_address
    if addresses.came_back(company.account, lines):
        return False
    try:
        with transaction.atomic():
            take(*_limits(bytes(company.account.login_fingerprint)), now=now)
    except TooManyAttempts:
        return False
    post_to_company(kind, account=company.account, address=lines, department=company.place, now=now, details=secret())
    return True


def wait_for_secret(member: Member, *, now: datetime) -> int:
    """Seconds until the limits allow one more letter with a secret; 0 when they do now."""
    return wait_of(*_limits(bytes(member.nir_fingerprint)), now=now)


def _limits(login: bytes) -> tuple[Subject, ...]:
    subject = login.hex()
    return (SECRET_LETTER_DAY, subject), (SECRET_LETTER_MONTH, subject)
