"""Issues and consumes the codes and links a member receives (R13): hashed at rest, one use, few tries."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Account, Channel, Code
from accounts.sealed import fingerprint, same

LINK_TRIES = 1
LINKS = (
    Code.Purpose.PASSWORD_RESET,
    Code.Purpose.EMAIL_LINK,
    Code.Purpose.EMAIL_UNDO,
    Code.Purpose.NOT_ME,
    Code.Purpose.AGENT_SETUP,
    Code.Purpose.AGENT_HALF_WAY,
)


class Reason(StrEnum):
    """Why a code is refused; a member reads one sentence for each."""

    UNKNOWN = "unknown"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    EXHAUSTED = "exhausted"


class CodeRefused(Exception):
    """A code or link that opens nothing."""

    def __init__(self, reason: Reason, tries_left: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.tries_left = reason, tries_left


def issue_digits(
    account: Account, purpose: Code.Purpose, *, life: timedelta, tries: int, subject: Any, now: datetime
) -> str:
    """Six digits to type; earlier ones for the same purpose stop working."""
    secret = f"{secrets.randbelow(10**6):06d}"
    _issue(account, purpose, secret, life=life, tries=tries, subject=subject, now=now, replaces=True)
    return secret


def issue_link(
    account: Account,
    purpose: Code.Purpose,
    *,
    life: timedelta,
    subject: Any = None,
    now: datetime,
    replaces: bool = True,
) -> str:
    """A secret of 256 bits to put into a link."""
    secret = secrets.token_urlsafe(32)
    _issue(account, purpose, secret, life=life, tries=LINK_TRIES, subject=subject, now=now, replaces=replaces)
    return secret


@transaction.atomic(savepoint=False)
def _issue(
    account: Account,
    purpose: Code.Purpose,
    secret: str,
    *,
    life: timedelta,
    tries: int,
    subject: Any,
    now: datetime,
    replaces: bool,
) -> None:
    if replaces:
        Code.objects.filter(account=account, purpose=purpose, used_at=None).delete()
    code = Code(account=account, purpose=purpose, tries_left=tries, created_at=now, expires_at=now + life)
    code.secret_fingerprint = _mark(purpose, secret, None if purpose in LINKS else account.pk)
    code.subject = subject
    code.save()


def _mark(purpose: str, secret: str, account_id: uuid.UUID | None) -> bytes:
    # What is short is bound to its account: the same six digits look different everywhere.
    return fingerprint(f"code:{purpose}", f"{account_id or ''}:{secret}")


def issue_temporary_password(
    account: Account, secret: str, *, channel: Channel, sent_to: str = "", life: timedelta, now: datetime
) -> None:
    """A temporary password; it stands beside the member's own until one of them is used to choose the next."""
    purpose = Code.Purpose.TEMPORARY_PASSWORD
    subject = {"channel": channel, "sent_to": sent_to}
    _issue(account, purpose, secret, life=life, tries=LINK_TRIES, subject=subject, now=now, replaces=False)


def open_with_temporary_password(account: Account, typed: str, *, browser: bytes, now: datetime) -> Code | None:
    """The live temporary password that was typed, bound to this browser by one conditional UPDATE."""
    purpose = Code.Purpose.TEMPORARY_PASSWORD
    live = Code.objects.filter(account=account, purpose=purpose, used_at=None, expires_at__gt=now)
    mine = live.filter(secret_fingerprint=_mark(purpose, typed, account.pk))
    if not mine.filter(Q(browser=None) | Q(browser=browser)).update(browser=browser):
        return None
    return mine.first()


def spend_temporary_passwords(account: Account, *, now: datetime) -> int:
    """The member chooses a password: no temporary one opens anything any more. Returns how many there were."""
    live = Code.objects.filter(account=account, purpose=Code.Purpose.TEMPORARY_PASSWORD, used_at=None)
    return live.update(used_at=now)


def cancel(account: Account, *purposes: Code.Purpose, issued_at: datetime | None = None, now: datetime) -> None:
    """What was issued for these purposes opens nothing any more; all of it, or what was issued at one moment."""
    live = Code.objects.filter(account=account, purpose__in=purposes, used_at=None)
    (live if issued_at is None else live.filter(created_at=issued_at)).update(used_at=now)


def cancel_if(account: Account, purpose: Code.Purpose, unwanted: Callable[[Any], bool], *, now: datetime) -> None:
    """The same for what was issued for such a subject; subjects are sealed, so each is read: there are few."""
    live = Code.objects.filter(account=account, purpose=purpose, used_at=None)
    if found := [code.pk for code in live if unwanted(code.subject)]:
        live.filter(pk__in=found).update(used_at=now)


def cancel_after(link: Code, *, now: datetime) -> None:
    """The member says no: all codes but older undo links. A thief who changed the address twice holds the younger."""
    older = {"purpose": Code.Purpose.EMAIL_UNDO, "created_at__lt": link.created_at}
    Code.objects.filter(account=link.account, used_at=None).exclude(**older).update(used_at=now)


def issue_one_time(
    account: Account, purpose: Code.Purpose, number: int, *, secret: Callable[[], str], life: timedelta, now: datetime
) -> list[str]:
    """So many codes at once, each for one use; earlier ones for the same purpose stop working."""
    issued = [secret() for _ in range(number)]
    Code.objects.filter(account=account, purpose=purpose, used_at=None).delete()
    for each in issued:
        _issue(account, purpose, each, life=life, tries=LINK_TRIES, subject=None, now=now, replaces=False)
    return issued


def spend_one_time(account: Account, purpose: Code.Purpose, typed: str, *, now: datetime) -> bool:
    """Whether this is one of them and was not used; it is now, by one conditional UPDATE."""
    live = Code.objects.filter(account=account, purpose=purpose, used_at=None, expires_at__gt=now)
    return bool(live.filter(secret_fingerprint=_mark(purpose, typed, account.pk)).update(used_at=now))


def issue_posted(
    account: Account, purpose: Code.Purpose, secret: str, *, subject: str, life: timedelta, now: datetime
) -> None:
    """A secret that a letter bears; what stands in other letters opens something else and goes on working (R11)."""
    _issue(account, purpose, secret, life=life, tries=LINK_TRIES, subject=subject, now=now, replaces=False)


def find_posted(account: Account, purpose: Code.Purpose, typed: str) -> Code | None:
    """The code of a letter of this member, live or not; one look-up, whoever asks (R12)."""
    mark = _mark(purpose, typed, account.pk)
    found = Code.objects.filter(account=account, purpose=purpose, secret_fingerprint=mark).first()
    if found:
        # The very row that the caller holds: what its code changes there, their session is opened with.
        found.account = account
    return found


def use_posted(code: Code, *, browser: bytes, now: datetime) -> bool:
    """Use it, once: bound to this browser, which may come back until its member has chosen a password (R13)."""
    live = Code.objects.filter(pk=code.pk, expires_at__gt=now)
    return bool(live.filter(Q(used_at=None) | Q(browser=browser)).update(used_at=now, browser=browser))


def settle_posted(account: Account, purpose: Code.Purpose, *, browser: bytes | None = None) -> int:
    """What a used code still owed is done; in this browser, or wherever. Returns how many owed it."""
    owing = Code.objects.filter(account=account, purpose=purpose, used_at__isnull=False, browser__isnull=False)
    return (owing if browser is None else owing.filter(browser=browser)).update(browser=None)


def match_digits(account: Account, purpose: Code.Purpose, typed: str, *, now: datetime) -> Code:
    """The live code that was typed, to be spent with what it is for. A wrong try costs one. Raises CodeRefused."""
    code = Code.objects.filter(account=account, purpose=purpose).order_by("-created_at").first()
    if code is None:
        raise CodeRefused(Reason.UNKNOWN)
    _refuse_spent(code, now=now)
    live = Code.objects.filter(pk=code.pk, used_at=None, tries_left__gt=0, expires_at__gt=now)
    # The try is counted before it is looked at: many at once get no more than the tries there are.
    if not live.update(tries_left=F("tries_left") - 1):
        raise CodeRefused(Reason.EXHAUSTED)
    if not same(bytes(code.secret_fingerprint), _mark(purpose, typed, account.pk)):
        code.refresh_from_db(fields=["tries_left"])
        raise CodeRefused(Reason.WRONG if code.tries_left else Reason.EXHAUSTED, code.tries_left)
    return code


def spend(code: Code, *, now: datetime) -> None:
    """Use a code, once. Raises CodeRefused."""
    if not Code.objects.filter(pk=code.pk, used_at=None, expires_at__gt=now).update(used_at=now):
        raise CodeRefused(Reason.USED)


def find_link(purpose: Code.Purpose, secret: str, *, now: datetime) -> Code:
    """The live code behind a link, not consumed: mail scanners follow links (R13). Raises CodeRefused."""
    mark = _mark(purpose, secret, None)
    code = Code.objects.filter(purpose=purpose, secret_fingerprint=mark).select_related("account__member").first()
    if code is None:
        raise CodeRefused(Reason.UNKNOWN)
    _refuse_spent(code, now=now)
    return code


def consume_link(purpose: Code.Purpose, secret: str, *, now: datetime) -> Code:
    """Use the link, once. Raises CodeRefused."""
    code = find_link(purpose, secret, now=now)
    spend(code, now=now)
    return code


def _refuse_spent(code: Code, *, now: datetime) -> None:
    if code.used_at:
        raise CodeRefused(Reason.USED)
    if now >= code.expires_at:
        raise CodeRefused(Reason.EXPIRED)
    if not code.tries_left:
        raise CodeRefused(Reason.EXHAUSTED)
