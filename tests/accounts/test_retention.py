"""What is kept, and for how long (R13, R14, R16)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts import codes, outbox, retention
from accounts.models import Account, Code, Email, KnownBrowser, Letter, LetterBatch
from accounts.sign_in import remember_browser
from tests.letters import A_MOMENT as LETTERS_WRITTEN
from tests.letters import fritz, queue
from tests.members import A_MOMENT

__all__ = ["fritz", "queue"]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


def purged(kind: str, after: timedelta) -> int:
    return retention.purge(now=A_MOMENT + after)[kind]


def test_a_spent_code_is_told_from_an_unknown_one_for_a_month(account: Account) -> None:
    codes.issue_link(account, Code.Purpose.EMAIL_LINK, life=DAY, now=A_MOMENT)
    assert purged("codes", 31 * DAY) == 0
    assert purged("codes", 31 * DAY + timedelta(seconds=1)) == 1


def test_sent_and_given_up_emails_go_after_90_days(db: None) -> None:
    for number in range(2):
        email = outbox.put("a_kind", account=None, content=None, now=A_MOMENT)
        Email.objects.filter(pk=email.pk).update(**{("sent_at", "given_up_at")[number]: A_MOMENT})
    outbox.put("a_kind", account=None, content={"to": "x@example.org"}, now=A_MOMENT)
    assert purged("emails", 90 * DAY) == 0
    assert purged("emails", 91 * DAY) == 2
    assert Email.objects.count() == 1


def test_a_letter_goes_after_a_year_and_its_batch_with_the_last_of_them(queue: Callable[..., Letter]) -> None:
    """R16; one that still waits to be printed stays, and is seen."""
    printed, aside, waiting = queue(), queue(), queue()
    batch = LetterBatch.objects.create(caisse="68", created_at=LETTERS_WRITTEN)
    Letter.objects.filter(pk=printed.pk).update(printed_at=LETTERS_WRITTEN, batch=batch)
    Letter.objects.filter(pk=aside.pk).update(set_aside="no_address")
    year = LETTERS_WRITTEN - A_MOMENT + 365 * DAY
    assert (purged("letters", year), LetterBatch.objects.count()) == (0, 1)
    went = retention.purge(now=A_MOMENT + year + timedelta(seconds=1))
    assert (went["letters"], went["batches"]) == (2, 1)
    assert list(Letter.objects.all()) == [waiting]


def test_a_browser_is_forgotten_90_days_after_its_last_use(account: Account) -> None:
    """R14."""
    remember_browser(account, b"b" * 32, now=A_MOMENT)
    remember_browser(account, b"b" * 32, now=A_MOMENT + DAY)
    assert purged("browsers", 91 * DAY) == 0
    assert purged("browsers", 91 * DAY + timedelta(seconds=1)) == 1
    assert not KnownBrowser.objects.exists()


def test_an_ended_session_goes(db: None) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=A_MOMENT)
    assert purged("sessions", timedelta(0)) == 0
    assert purged("sessions", timedelta(seconds=1)) == 1
