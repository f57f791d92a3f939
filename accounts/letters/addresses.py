"""Addresses from which a letter came back: told apart by a keyed fingerprint, never by their text (R20)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import journal
from accounts.identity.names import normalise
from accounts.models import Account, BadAddress, Event, Letter, Member
from accounts.sealed import fingerprint


def mark(lines: Iterable[str]) -> bytes:
    """The same for every spelling of one envelope; the name belongs to it, for the postman asks for it too."""
    written = "\n".join(filter(None, map(normalise, lines)))
    return fingerprint("postal_address", written) if written else b""


def is_bad(member: Member) -> bool:
    """Whether a letter came back from the address that the registry has now."""
    here = mark(member.postal_address)
    return BadAddress.objects.filter(member=member, fingerprint=here, cleared_at=None).exists()


def came_back(account: Account, lines: Iterable[str]) -> bool:
    """Whether a letter to this company came back from this envelope; an agent then writes down another one (R1)."""
    here = mark(lines)
    return Letter.objects.filter(account=account, address_fingerprint=here, returned_at__isnull=False).exists()


def doubt(letter: Letter, *, now: datetime) -> None:
    """No more codes to where this letter came back from; a second return changes nothing."""
    if letter.member_id and letter.address_fingerprint:
        row = BadAddress(member_id=letter.member_id, fingerprint=letter.address_fingerprint, since=now)
        BadAddress.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def clear_bad_address(row: BadAddress, *, by: Account, reason: str = "", now: datetime) -> bool:
    """An agent has made sure that the address is right. False when somebody did so before."""
    if not BadAddress.objects.filter(pk=row.pk, cleared_at=None).update(cleared_at=now):
        return False
    account = Account.objects.filter(member=row.member_id).first()
    detail = {"by": by.pk.hex, **({"reason": reason} if reason else {})}
    journal.record(Event.ADDRESS_CLEARED, account=account, detail=detail, now=now)
    return True
