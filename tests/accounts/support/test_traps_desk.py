"""Traps of the desk: what a caller with a good story, or an insider, tries after an act that was allowed (issue 5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import access, codes, contact, outbox
from accounts.identity.email import Email as Address
from accounts.models import Account, Code, Email, Entry, Event, Letter, Role
from accounts.support.file.acts import ACTS
from msa_portal.urls import DESK
from tests.accounts.support.member_files import opened, place

pytestmark = pytest.mark.django_db
# Reading the addresses has put every act there.
assert DESK
THIEF = "voleur@example.org"


def at_the_desk(account: Account, slug: str, role: str = Role.AGENT, **given: str) -> None:
    """The act is done, for its first reason."""
    act = ACTS[slug]
    caller = opened(account.member, role).visit(place(account.member, "actes", slug))
    caller.press(act.label, reason=next(iter(act.reasons)), **given)


def link_of(kind: str) -> str:
    """The secret of the newest message of this kind."""
    text = Email.objects.filter(kind=kind).latest("created_at").content["text"]
    return (
        next(line for line in text.splitlines() if "/lien/" in line or "/annuler/" in line)
        .rstrip("/")
        .rpartition("/")[2]
    )


def forgotten(account: Account) -> str:
    """D09, from the outside: what came of it."""
    now = timezone.now()
    access.ask_for_new_password(bytes(account.login_fingerprint), now=now)
    outbox.sweep(now=now)
    return str(Entry.objects.filter(event=Event.PASSWORD_RESET_ASKED).latest("pk").detail["outcome"])


@pytest.mark.parametrize("proven", [True, False])
def test_an_address_corrected_on_the_telephone_opens_nothing_for_three_days(
    held_clock, account: Account, proven: bool
) -> None:
    """R13: what the desk does not send to a new address, « mot de passe oublié » does not send there either."""
    if not proven:
        Account.objects.filter(pk=account.pk).update(email_proven_at=None)
    at_the_desk(account, "email", email=THIEF)
    contact.change_email(link_of("email_change_link"), now=timezone.now())
    assert forgotten(account) == "post"
    assert not Code.objects.filter(purpose=Code.Purpose.PASSWORD_RESET).exists()
    assert not Email.objects.filter(kind="password_reset_link").exists()
    assert Letter.objects.filter(kind=Letter.Kind.TEMPORARY_PASSWORD).count() == 1
    held_clock.shift(timedelta(hours=73))
    assert forgotten(account) == "email"


def test_the_address_that_said_no_has_its_link_at_once(account: Account) -> None:
    """R13: it counts again, and its password is gone."""
    now = timezone.now()
    contact.ask_email_change(account, Address(THIEF), now=now)
    contact.change_email(link_of("email_change_link"), now=now)
    undo = Code.objects.get(purpose=Code.Purpose.EMAIL_UNDO)
    assert str(undo.subject) == account.email
    contact.undo_email_change(link_of("email_changed"), now=now)
    assert forgotten(account) == "email"


def test_a_link_to_another_address_ends_with_the_suspension(account: Account) -> None:
    """« Soupçon d'usurpation »: whoever asked for it does not get the address while nobody can come in."""
    contact.ask_email_change(account, Address(THIEF), now=timezone.now())
    at_the_desk(account, "suspendre", Role.LEAD)
    with pytest.raises(codes.CodeRefused):
        contact.change_email(link_of("email_change_link"), now=timezone.now())
    account.refresh_from_db()
    assert account.email != THIEF


def test_whoever_typed_the_code_of_a_letter_does_not_come_back_after_a_suspension(account: Account) -> None:
    """R11: the browser that still owed a password owes nothing any more, and opens nothing."""
    now, browser, department = timezone.now(), b"b" * 32, Code.Purpose.DEPARTMENT
    codes.issue_posted(account, department, "ACDEFGHJKW67", subject="0" * 32, life=timedelta(days=30), now=now)
    code = codes.find_posted(account, department, "ACDEFGHJKW67")
    assert code
    assert codes.use_posted(code, browser=browser, now=now)
    at_the_desk(account, "suspendre", Role.LEAD)
    assert not codes.use_posted(code, browser=browser, now=now)
