"""A member's contact details: confirmed at first sign-in (E01), changed in Mon compte; an e-mail once proven (R8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import codes, journal, membership, notifications, throttling
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.models import Account, AddressChange, Code, Event
from accounts.sign_in import shut_out

# How long Mon compte shows what the caisse answered about an address.
ANSWER_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Telephones:
    """The three numbers, each of them optional (E02)."""

    mobile: Phone | None = None
    landline: Phone | None = None
    fax: Phone | None = None


@transaction.atomic
def confirm(account: Account, email: Email | None, telephones: Telephones, *, now: datetime) -> bool:
    """E04: keep the numbers; returns whether all is done. If an e-mail has to be proven, a code goes to it."""
    _keep_telephones(account, telephones, now=now)
    if email is None or (account.email == email.address and account.email_proven_at):
        _confirmed(account, now=now)
        return True
    send_email_code(account, email.address, now=now)
    return False


def send_email_code(account: Account, address: str, *, now: datetime) -> None:
    """Six digits to the address that is to be proven (R13). Raises TooManyAttempts."""
    throttling.take((throttling.EMAIL_PROOF, str(account.pk)), now=now)
    code = codes.issue_digits(
        account,
        Code.Purpose.EMAIL_PROOF,
        life=settings.EMAIL_CODE_LIFE,
        tries=settings.EMAIL_CODE_TRIES,
        subject=address,
        now=now,
    )
    notifications.email_proof_code(account, code, to=address, now=now)


def address_being_proven(account: Account) -> str:
    """The address the last code went to, if it can still be typed."""
    code = Code.objects.filter(account=account, purpose=Code.Purpose.EMAIL_PROOF).order_by("-created_at").first()
    return str(code.subject) if code and not code.used_at else ""


def prove_email(account: Account, typed: str, *, now: datetime) -> None:
    """The right digits: the address is the member's from now on. Raises CodeRefused."""
    code = codes.match_digits(account, Code.Purpose.EMAIL_PROOF, typed, now=now)
    with transaction.atomic():
        codes.spend(code, now=now)
        _set_email(account, str(code.subject), by="code", now=now)
        _confirmed(account, now=now)


@transaction.atomic
def confirm_without_email(account: Account, *, now: datetime) -> None:
    """The member cannot read the mailbox now: the space opens, the address stays unproven (R8)."""
    Code.objects.filter(account=account, purpose=Code.Purpose.EMAIL_PROOF, used_at=None).delete()
    _confirmed(account, now=now)


def _confirmed(account: Account, *, now: datetime) -> None:
    account.contact_confirmed_at = now
    if not account.terms_version:
        # Who came by a letter accepts here: nobody could say who pressed the registration's last button.
        account.terms_version, account.terms_accepted_at = settings.TERMS_VERSION, now
    account.save(update_fields=["contact_confirmed_at", "terms_version", "terms_accepted_at"])
    journal.record(
        Event.CONTACT_CONFIRMED, account=account, detail={"email_proven": bool(account.email_proven_at)}, now=now
    )


@transaction.atomic
def change_telephones(account: Account, telephones: Telephones, *, now: datetime) -> None:
    """G02: the member hears of it by e-mail."""
    if _keep_telephones(account, telephones, now=now):
        notifications.contact_changed(account, now=now)


@transaction.atomic
def correct_telephones(account: Account, telephones: Telephones, *, now: datetime) -> bool:
    """An agent writes down what the member says; who does it tells the member. Returns whether any has changed."""
    return bool(_keep_telephones(account, telephones, now=now))


def _keep_telephones(account: Account, telephones: Telephones, *, now: datetime) -> list[str]:
    given = {name: phone.e164 if phone else None for name, phone in vars(telephones).items()}
    changed = [name for name, number in given.items() if getattr(account, name) != number]
    for name in changed:
        setattr(account, name, given[name])
    if changed:
        account.save(update_fields=changed)
        journal.record(Event.CONTACT_CHANGED, account=account, detail={"fields": changed}, now=now)
    return changed


@transaction.atomic
def ask_email_change(account: Account, email: Email, *, now: datetime) -> None:
    """G01, R13: a link goes to the new address; until it is used the old one counts. Raises TooManyAttempts."""
    throttling.take((throttling.EMAIL_PROOF, str(account.pk)), now=now)
    secret = codes.issue_link(
        account, Code.Purpose.EMAIL_LINK, life=settings.EMAIL_CHANGE_LIFE, subject=email.address, now=now
    )
    notifications.email_change_link(account, secret, to=email.address, now=now)
    journal.record(Event.EMAIL_CHANGE_ASKED, account=account, now=now)


@transaction.atomic(savepoint=False)
def offer_email_proof(account: Account, *, now: datetime) -> None:
    """R8, B29: the address came with FranceConnect; a link proves it, and nobody has to. Raises TooManyAttempts."""
    throttling.take((throttling.EMAIL_PROOF, str(account.pk)), now=now)
    address = str(account.email)
    secret = codes.issue_link(
        account, Code.Purpose.EMAIL_LINK, life=settings.EMAIL_CHANGE_LIFE, subject=address, now=now
    )
    notifications.franceconnect_registered(account, secret, to=address, now=now)


def pending_email(account: Account, *, now: datetime) -> str:
    """The address that a link asked for went to, while it can still be opened."""
    asked = Code.objects.filter(account=account, purpose=Code.Purpose.EMAIL_LINK, used_at=None, expires_at__gt=now)
    code = asked.order_by("-created_at").first()
    return str(code.subject) if code else ""


@transaction.atomic
def change_email(secret: str, *, now: datetime) -> Account:
    """The link was used: the new address counts, the old one may undo it for 72 hours. Raises CodeRefused."""
    code = codes.consume_link(Code.Purpose.EMAIL_LINK, secret, now=now)
    account, new = code.account, str(code.subject)
    # An address that was never proven may be a stranger's: it hears of nothing and takes nothing back.
    old = account.email if account.email_proven_at else ""
    _set_email(account, new, by="link", now=now)
    if old and old != new:
        undo = codes.issue_link(
            account, Code.Purpose.EMAIL_UNDO, life=settings.EMAIL_CHANGE_UNDO, subject=old, now=now, replaces=False
        )
        notifications.email_changed(account, undo, to=old, now=now)
    return account


@transaction.atomic
def undo_email_change(secret: str, *, now: datetime) -> Account:
    """The old address says no: it counts again, and nothing of the other one's stays open. Raises CodeRefused."""
    code = codes.consume_link(Code.Purpose.EMAIL_UNDO, secret, now=now)
    account = code.account
    _set_email(account, str(code.subject), by="undo", now=now)
    codes.cancel_after(code, now=now)
    # Whoever changed the address knew the password: a new one comes through the address that counts again.
    shut_out(account, now=now)
    journal.record(Event.EMAIL_CHANGE_UNDONE, account=account, now=now)
    return account


def _set_email(account: Account, address: str, *, by: str, now: datetime) -> None:
    account.email, account.email_proven_at = address, now
    account.save(update_fields=["email", "email_proven_at"])
    # A link that waits in the other mailbox opens nothing any more.
    codes.cancel(account, Code.Purpose.PASSWORD_RESET, now=now)
    journal.record(Event.EMAIL_PROVEN, account=account, detail={"by": by}, now=now)


@dataclass(frozen=True)
class PostalAddress:
    """Street line, postcode, town."""

    address: str
    postcode: str
    city: str


def pending_address(account: Account) -> AddressChange | None:
    return AddressChange.objects.filter(account=account, decided_at=None).first()


def answered_address(account: Account, *, now: datetime) -> AddressChange | None:
    """What the caisse answered last, for 30 days: a message is easily missed (G03)."""
    answered = AddressChange.objects.filter(account=account, decided_at__gt=now - ANSWER_SHOWN)
    return answered.order_by("-decided_at").first()


@transaction.atomic
def ask_address_change(account: Account, new: PostalAddress, *, now: datetime) -> bool:
    """G03: a request to the caisse, shown as pending. Returns False when one waits already."""
    assert account.member is not None
    known = membership.of(account.member, on=timezone.localdate(now))
    department = known.departments[0].code if known.departments else ""
    change = AddressChange(account=account, department=department, created_at=now)
    change.address = vars(new)
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        return False
    notifications.address_change_received(account, now=now)
    journal.record(Event.ADDRESS_CHANGE_ASKED, account=account, detail={"department": department}, now=now)
    return True


@transaction.atomic
def choose_delivery(account: Account, *, documents_by: str, news_by: str, now: datetime) -> None:
    """G04: how documents and news reach the member."""
    account.documents_by, account.news_by = documents_by, news_by
    account.save(update_fields=["documents_by", "news_by"])
    detail = {"documents": documents_by, "news": news_by}
    journal.record(Event.DELIVERY_CHANGED, account=account, detail=detail, now=now)
