"""Opens a member's account: once, however many tabs and rooms want to (B27, B29, R5)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.compiled import insert_unless_taken
from accounts.identity.phone import Phone
from accounts.identity.siret import Siret
from accounts.models import Account, Channel, Company, Member, email_mark, login_of_nir, login_of_siret


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
    account = Account.objects.select_for_update(no_key=True).get(member=member)
    # Nor one that is suspended: it waits for an agent, and nothing of a stranger's gets into it meanwhile (R8).
    if not (account.is_active and account.waits_for_its_letter):
        return None
    if given:
        _fill_in(account, channel, given, now=now)
        account.save()
    return account


@dataclass(frozen=True)
class Establishment:
    """A company as its caisse knows it: its name, and where a letter finds it."""

    company: str
    address: str
    postcode: str
    city: str


def open_company(
    siret: Siret,
    establishment: Establishment,
    *,
    department: str,
    asked: dict[str, str],
    now: datetime,
) -> Account | None:
    """R1: the account of this SIRET, or None when there is one; the letter opens it. `asked`: who asked, and how."""
    account = Account(
        kind=Account.Kind.COMPANY,
        login_fingerprint=login_of_siret(siret.number),
        opened_by=Channel.POST,
        created_at=now,
    )
    # Typed by somebody who proved nothing: shown to whoever the letter finds, and proven by them or never (R8).
    account.email = asked["email"]
    account.email_fingerprint = email_mark(asked["email"])
    number = Phone(asked["phone"])
    setattr(account, "mobile" if number.is_mobile else "landline", number.e164)
    account.set_unusable_password()
    if not insert_unless_taken(account):
        return None
    company = Company(account=account, department=department, created_at=now)
    told = {name: asked[name] for name in ("name", "function", "reference")}
    company.details = {"siret": siret.number, **told, **vars(establishment)}
    company.save(force_insert=True)
    return account


def _fill_in(account: Account, channel: Channel, given: Given | None, *, now: datetime) -> None:
    account.opened_by = channel
    if given:
        account.email, account.mobile = given.email, given.mobile
        account.terms_version, account.terms_accepted_at = settings.TERMS_VERSION, now
