"""Opens a member's account: once, however many tabs and rooms want to (B27, B29, R5)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Account, Channel, Member, login_of_nir


@dataclass(frozen=True)
class Given:
    """What somebody typed who has proven to be the member, accepting the terms."""

    email: str
    mobile: str | None


def open_account(member: Member, *, channel: Channel, given: Given | None, now: datetime) -> Account | None:
    """The account, or None when the member has one already that somebody uses.

    `given` is None from a caller who proved nothing: a stranger's address must not stay.
    """
    account = Account(login_fingerprint=login_of_nir(member.nir.number), member=member, created_at=now)
    account.set_unusable_password()
    _fill_in(account, channel, given, now=now)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        return _take_up(member, channel, given, now=now)
    return account


def _take_up(member: Member, channel: Channel, given: Given | None, *, now: datetime) -> Account | None:
    """An account that waits for its letter is opened by whoever proves to be the member."""
    account = Account.objects.select_for_update().get(member=member)
    if not account.waits_for_its_letter:
        return None
    if given:
        _fill_in(account, channel, given, now=now)
        account.save()
    return account


def _fill_in(account: Account, channel: Channel, given: Given | None, *, now: datetime) -> None:
    account.opened_by = channel
    if given:
        account.email, account.mobile = given.email, given.mobile
        account.terms_version, account.terms_accepted_at = settings.TERMS_VERSION, now
