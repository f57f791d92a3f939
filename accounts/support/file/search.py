"""Finds a member for an agent: exactly, in their scope, a few at most, counted and journaled (issue 5, R12, R20)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models

from accounts import journal, throttling
from accounts.identity.birth_date import BirthDate
from accounts.identity.email import Email as Address
from accounts.identity.names import same_family_name, same_given_names
from accounts.identity.nir import Nir
from accounts.models import Account, Email, Event, Letter, Member, birth_mark, email_mark, login_of_nir
from accounts.passwords import as_typed
from accounts.support.file import file_address
from accounts.support.scope import Scope
from accounts.throttling import SUPPORT_SEARCH, SUPPORT_SEARCH_DAY, TooManyAttempts

MOST = 20
# Of 5.5 million members some 150 are born on one day, four times as many on a first of January. Their names are sealed:
# so many are opened and compared, and no more.
CANDIDATES = 600
BATCH = 500


class Way(StrEnum):
    """Codes: they stand in the journal."""

    NIR = "nir"
    NAME = "name"
    EMAIL = "email"
    CODE = "code"


@dataclass(frozen=True, repr=False)
class Wanted:
    """What the caller says, one way at a time."""

    nir: Nir | None = None
    name: str = ""
    given_names: str = ""
    birth_date: BirthDate | None = None
    email: Address | None = None
    code: str = ""

    @property
    def ways(self) -> list[Way]:
        by_name = bool(self.name or self.given_names or self.birth_date)
        used = {Way.NIR: self.nir, Way.NAME: by_name, Way.EMAIL: self.email, Way.CODE: self.code}
        return [way for way, value in used.items() if value]


@dataclass(frozen=True, repr=False)
class Found:
    """Members in scope; `too_many` when there are more than may be shown or compared."""

    members: tuple[Member, ...]
    too_many: bool = False


def find(wanted: Wanted, *, by: Account, now: datetime) -> Found:
    """Unknown and out of scope are one answer. Raises TooManyAttempts."""
    [way] = wanted.ways
    _count(way, by=by, now=now)
    members = Member.objects.prefetch_related("affiliations")
    found = FINDERS[way](wanted, Scope.of(by).members(members))
    detail = {"by": way, "found": len(found.members), "too_many": found.too_many}
    journal.record(Event.SUPPORT_SEARCHED, account=by, detail=detail, now=now)
    return found


def _count(way: Way, *, by: Account, now: datetime) -> None:
    """Whoever looks up one member after the other is stopped, and seen."""
    try:
        throttling.take((SUPPORT_SEARCH, by.pk.hex), (SUPPORT_SEARCH_DAY, by.pk.hex), now=now)
    except TooManyAttempts as reached:
        detail = {"by": way, "limit": reached.limit.name}
        journal.record(Event.SUPPORT_SEARCHED, account=by, detail=detail, now=now)
        raise


Rows = models.QuerySet[Member]


def _by_nir(wanted: Wanted, rows: Rows) -> Found:
    """On the unique index of the fingerprint."""
    assert wanted.nir is not None
    return _few(rows.filter(nir_fingerprint=login_of_nir(wanted.nir.number)))


def _by_name(wanted: Wanted, rows: Rows) -> Found:
    """Those born that day, on the index of that fingerprint; then their names, one by one."""
    assert wanted.birth_date is not None
    born = list(rows.filter(birth_fingerprint__in=_marks(wanted.birth_date))[: CANDIDATES + 1])
    alike = [each for each in born[:CANDIDATES] if _is_called(each, wanted)]
    return Found(tuple(alike[:MOST]), len(born) > CANDIDATES or len(alike) > MOST)


def _marks(born: BirthDate) -> list[bytes]:
    """What the registry does not know of a birth date may be anything: it stands as 00 there."""
    known = [born, BirthDate(born.year, born.month), BirthDate(born.year)]
    return list(dict.fromkeys(birth_mark(each.iso) for each in known))


def _is_called(member: Member, wanted: Wanted) -> bool:
    by_family = same_family_name(wanted.name, member.birth_name, member.usage_name)
    return by_family and (not wanted.given_names or same_given_names(wanted.given_names, member.given_names))


def _by_email(wanted: Wanted, rows: Rows) -> Found:
    """A household may share a mailbox."""
    assert wanted.email is not None
    return _few(rows.filter(account__email_fingerprint=email_mark(wanted.email.address)))


def _by_code(wanted: Wanted, rows: Rows) -> Found:
    """Of an e-mail about a sign-in through FranceConnect (J16), or at the foot of any message or letter."""
    code = as_typed(wanted.code)
    if entry := journal.find_reference(code):
        return _few(rows.filter(account=entry.account))
    if email := Email.objects.filter(public_code=code).only("account_id").first():
        return _few(rows.filter(account=email.account_id)) if email.account_id else Found(())
    letter = Letter.objects.filter(public_code=code).only("member_id").first()
    return _few(rows.filter(pk=letter.member_id)) if letter and letter.member_id else Found(())


def _few(rows: Rows) -> Found:
    first = list(rows[: MOST + 1])
    return Found(tuple(first[:MOST]), len(first) > MOST)


FINDERS = {Way.NIR: _by_nir, Way.NAME: _by_name, Way.EMAIL: _by_email, Way.CODE: _by_code}


def fill_email_marks() -> int:
    """Accounts from before the mark stood beside the address; returns how many got theirs.

    In batches along the primary key, each row by one conditional UPDATE: who changes their address meanwhile has the
    new one's mark already.
    """
    filled, last = 0, None
    while batch := list(_without_mark(last)):
        for account in batch:
            mine = Account.objects.filter(pk=account.pk, email_fingerprint=None)
            filled += mine.update(email_fingerprint=email_mark(str(account.email)))
        last = batch[-1].pk
    return filled


def _without_mark(last: Any) -> models.QuerySet[Account]:
    rows = Account.objects.filter(email_fingerprint=None, email__isnull=False).only("pk", "email").order_by("pk")
    return (rows.filter(pk__gt=last) if last else rows)[:BATCH]


def address_of(member: Member) -> str:
    """Where this member's file stands."""
    return file_address.of(member.pk)
