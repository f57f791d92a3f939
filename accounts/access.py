"""How a member gets a way in: a provisional password by e-mail or post, a link to choose a new one (R5, R13, D09)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import codes, journal, letters, notifications, outbox, passwords, throttling
from accounts.models import Account, Channel, Code, Company, Event, Letter


@transaction.atomic(savepoint=False)
def send_temporary_password(account: Account, *, channel: Channel, registering: bool = False, now: datetime) -> bool:
    """Issue and send a provisional password. Returns whether one left; a stranger must not be told."""
    sent = _by_email(account, now=now) if channel == Channel.EMAIL else _by_post(account, registering, now=now)
    event = Event.TEMPORARY_PASSWORD_ISSUED if sent else Event.TEMPORARY_PASSWORD_WITHHELD
    journal.record(event, account=account, detail={"channel": channel}, now=now)
    return sent


def _by_email(account: Account, *, now: datetime) -> bool:
    if account.member is None or not account.email:
        return False
    secret = passwords.temporary_password()
    life = settings.TEMPORARY_PASSWORD_BY_EMAIL
    codes.issue_temporary_password(account, secret, channel=Channel.EMAIL, sent_to=account.email, life=life, now=now)
    notifications.temporary_password(account, secret, now=now)
    return True


def _by_post(account: Account, registering: bool, *, now: datetime) -> bool:
    if account.kind == Account.Kind.COMPANY:
        return _to_company(account.company, registering, now=now)
    member = account.member
    if member is None or not letters.can_be_posted_to(member):
        return False

    def secret() -> dict[str, Any]:
        password = passwords.temporary_password()
        life = settings.TEMPORARY_PASSWORD_BY_POST
        codes.issue_temporary_password(account, password, channel=Channel.POST, life=life, now=now)
        return notifications.temporary_password_letter(member, password, until=now + life, registering=registering)

    return letters.post_secret(Letter.Kind.TEMPORARY_PASSWORD, member=member, now=now, secret=secret)


def _to_company(company: Company, registering: bool, *, now: datetime) -> bool:
    """R1: to where its caisse knows it to be."""

    def secret() -> dict[str, Any]:
        password, life = passwords.temporary_password(), settings.TEMPORARY_PASSWORD_BY_POST
        codes.issue_temporary_password(company.account, password, channel=Channel.POST, life=life, now=now)
        return notifications.company_code_letter(company, password, until=now + life, registering=registering)

    return letters.post_secret_to_company(Letter.Kind.COMPANY_CODE, company=company, now=now, secret=secret)


def whose_limits(login: bytes) -> str:
    """R12: one look-up, whoever it is."""
    generations = Account.objects.filter(login_fingerprint=login).values_list("limits_generation", flat=True)
    return throttling.whose(login, generations.first() or 0)


def ask_for_new_password(login: bytes, *, now: datetime) -> None:
    """D09: noted, and answered beside the requests: whoever asks has the same page in the same time."""
    content = {"login": login.hex()}
    outbox.put("forgotten_password", account=None, content=content, now=now, life=settings.RESET_LINK_LIFE)


@outbox.answers("forgotten_password")
def forgotten_password(content: dict[str, str], *, now: datetime) -> None:
    """D09: a link to the proven e-mail that is not new, else a letter, else nothing."""
    account = Account.objects.with_login(bytes.fromhex(content["login"]))
    if account is None or not _may_have_another(account):
        journal.record(Event.PASSWORD_RESET_ASKED, detail={"outcome": "none"}, now=now)
        return
    if account.email_proven_at and not _has_a_new_address(account, now=now):
        secret = codes.issue_link(
            account, Code.Purpose.PASSWORD_RESET, life=settings.RESET_LINK_LIFE, now=now, replaces=False
        )
        notifications.password_reset_link(account, secret, now=now)
        journal.record(Event.PASSWORD_RESET_ASKED, account=account, detail={"outcome": "email"}, now=now)
        return
    sent = send_temporary_password(account, channel=Channel.POST, now=now)
    outcome = "post" if sent else "none"
    journal.record(Event.PASSWORD_RESET_ASKED, account=account, detail={"outcome": outcome}, now=now)


def _has_a_new_address(account: Account, *, now: datetime) -> bool:
    """R13: whoever had the address changed waits as long as the old one may say no, or takes a letter.

    An agent may have written it down for a caller with a good story: it opens nothing by itself.
    """
    since = now - settings.EMAIL_CHANGE_UNDO
    links = Code.objects.filter(account=account, purpose=Code.Purpose.EMAIL_LINK, used_at__gt=since)
    return any(link.subject == account.email for link in links)


def _may_have_another(account: Account) -> bool:
    """Neither who was shut out nor the dead; agents have a door of their own."""
    is_dead = account.member is not None and account.member.deceased
    return account.is_active and account.kind != Account.Kind.AGENT and not is_dead
