"""After the print shop: letters posted, letters that came back, and what a letter that came back puts an end to."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import codes, journal
from accounts.letters import addresses
from accounts.letters.batch import asked_by, queued
from accounts.letters.spent import SECRETS
from accounts.letters.text import Reason
from accounts.models import Account, Event, Letter, LetterBatch


@transaction.atomic
def mark_posted(batch: LetterBatch, *, by: UUID | None = None, now: datetime) -> bool:
    """The print shop's answer. False when the batch is not printed yet, or was posted before."""
    mine = LetterBatch.objects.filter(pk=batch.pk, printed_at__isnull=False, posted_at=None)
    if not mine.update(posted_at=now):
        return False
    count = batch.letters.filter(printed_at__isnull=False, posted_at=None).update(posted_at=now)
    journal.record(Event.LETTERS_POSTED, detail={"caisse": batch.caisse, "count": count, **asked_by(by)}, now=now)
    return True


@transaction.atomic
def mark_returned(letter: Letter, *, by: Account, now: datetime) -> bool:
    """A letter came back: its secret is worth nothing any more, its address gets no other. False the second time.

    A batch that nobody has called posted yet may have been: paper counts for more than its row.
    """
    mine = Letter.objects.filter(pk=letter.pk, printed_at__isnull=False, returned_at=None)
    if not mine.update(returned_at=now):
        return False
    addresses.doubt(letter, now=now)
    _end_secret(letter, now=now)
    _hold_back(letter, now=now)
    detail = {"kind": letter.kind, "letter": letter.pk.hex, "by": by.pk.hex}
    journal.record(Event.LETTER_RETURNED, account=_account_of(letter), detail=detail, now=now)
    return True


def _hold_back(letter: Letter, *, now: datetime) -> None:
    """What waits in the queue for the same address would come back as well."""
    whose = {"member": letter.member_id} if letter.member_id else {"account": letter.account_id}
    if not letter.address_fingerprint or whose == {"account": None}:
        return
    waiting = queued().filter(**whose, address_fingerprint=letter.address_fingerprint)
    for other in waiting.filter(kind__in=SECRETS):
        if queued().filter(pk=other.pk).update(set_aside=Reason.BAD_ADDRESS, content=None):
            _end_secret(other, now=now)


def _end_secret(letter: Letter, *, now: datetime) -> None:
    """A code is issued in the moment of its letter, so a younger one, or another letter's, goes on working."""
    account, purpose = _account_of(letter), SECRETS.get(Letter.Kind(letter.kind))
    if account and purpose:
        codes.cancel(account, purpose, issued_at=letter.created_at, now=now)


def _account_of(letter: Letter) -> Account | None:
    if letter.account_id or letter.member_id is None:
        return letter.account
    return Account.objects.filter(member=letter.member_id).first()
