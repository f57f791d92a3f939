"""Letters: written beside their cause, queued per caisse, printed in batches (R5, R7, R13)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import membership
from accounts.letters.printing import print_at_once
from accounts.models import Letter, Member
from accounts.throttling import SECRET_LETTER_DAY, SECRET_LETTER_MONTH, TooManyAttempts, take


def can_be_posted_to(member: Member) -> bool:
    """Whether a letter would arrive at the address the MSA knows."""
    return bool(member.postal_address) and not member.deceased


def post(kind: Letter.Kind, *, member: Member, now: datetime, **details: Any) -> Letter:
    """Queue one letter at the member's caisse."""
    known = membership.of(member, on=timezone.localdate(now))
    letter = Letter(
        kind=kind,
        member=member,
        department=known.departments[0].code if known.departments else "",
        caisse=known.caisse.code if known.caisse else "",
        created_at=now,
    )
    letter.content = {"address": member.postal_address, **details}
    letter.save()
    if settings.LETTERS_AT_ONCE_DIR:
        transaction.on_commit(lambda: print_at_once(letter), robust=True)
    return letter


def post_secret(kind: Letter.Kind, *, member: Member, now: datetime, secret: Callable[[], dict[str, Any]]) -> bool:
    """Queue a letter with a secret if the limits allow one more; the secret is made only then."""
    subject = bytes(member.nir_fingerprint).hex()
    try:
        with transaction.atomic():
            take((SECRET_LETTER_DAY, subject), (SECRET_LETTER_MONTH, subject), now=now)
    except TooManyAttempts:
        return False
    post(kind, member=member, now=now, **secret())
    return True
