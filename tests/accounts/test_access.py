"""A way in by e-mail, by post or by link, and never twice too soon (B27, D09, R5, R13)."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts import access, outbox, throttling
from accounts.models import Account, Channel, Code, Email, Entry, Event, Letter, Member, login_of_nir
from tests.members import A_MOMENT, LAMY, NOBODY, a_member, an_account

pytestmark = [pytest.mark.django_db]
DAY = timedelta(days=1)


def send(account: Account, channel: Channel, after: timedelta = timedelta(0)) -> bool:
    return access.send_temporary_password(account, channel=channel, now=A_MOMENT + after)


def test_by_e_mail_for_24_hours(member: Member) -> None:
    """B27, R13."""
    account = an_account(member, password=None)
    assert send(account, Channel.EMAIL)
    code = Code.objects.get()
    assert code.expires_at - code.created_at == DAY
    assert code.subject == {"channel": "email", "sent_to": account.email}
    assert Email.objects.get().expires_at == code.expires_at
    assert Entry.objects.get().event == Event.TEMPORARY_PASSWORD_ISSUED


def test_by_post_for_30_days(member: Member) -> None:
    account = an_account(member, password=None)
    assert send(account, Channel.POST)
    code = Code.objects.get()
    assert code.expires_at - code.created_at == 30 * DAY
    assert Letter.objects.get().content["password"].count("-") == 2
    assert not Email.objects.exists()


def test_one_letter_a_day_and_four_a_month(member: Member) -> None:
    """R13."""
    account = an_account(member, password=None)
    sent = [send(account, Channel.POST, number * DAY / 4) for number in range(4 * 29)]
    assert sent.count(True) == 4
    assert [number for number, left in enumerate(sent) if left] == [0, 4, 8, 12]
    assert Letter.objects.count() == Code.objects.count() == 4
    assert Entry.objects.filter(event=Event.TEMPORARY_PASSWORD_WITHHELD).count() == 4 * 29 - 4


def test_the_purge_changes_nothing_of_that(member: Member) -> None:
    account, sent = an_account(member, password=None), 0
    for day in range(29):
        throttling.forget(now=A_MOMENT + day * DAY)
        sent += send(account, Channel.POST, day * DAY)
    assert sent == 4


def test_nothing_is_posted_to_nowhere(db: None) -> None:
    account = an_account(a_member(address=""), password=None)
    assert not send(account, Channel.POST)
    assert not Code.objects.exists()
    assert not send(an_account_without_email(), Channel.EMAIL)


def an_account_without_email() -> Account:
    return an_account(a_member(NOBODY), password=None, email=None)


def answered(nir: str = LAMY) -> str:
    access.ask_for_new_password(login_of_nir(nir), now=A_MOMENT)
    outbox.sweep(now=A_MOMENT)
    return Entry.objects.get(event=Event.PASSWORD_RESET_ASKED).detail["outcome"]


def test_a_forgotten_password_is_answered_beside_the_requests(account: Account, settings: Settings) -> None:
    """D09."""
    access.ask_for_new_password(login_of_nir(LAMY), now=A_MOMENT)
    assert not Code.objects.exists()
    assert outbox.sweep(now=A_MOMENT) == 1
    link = Code.objects.get()
    assert link.purpose == Code.Purpose.PASSWORD_RESET
    assert link.expires_at - link.created_at == settings.RESET_LINK_LIFE
    assert Email.objects.filter(kind="password_reset_link", sent_at=None).count() == 1


def test_a_crash_in_the_answer_leaves_the_question(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as crash:
        crash.setattr(access.notifications, "password_reset_link", dies)
        access.ask_for_new_password(login_of_nir(LAMY), now=A_MOMENT)
        assert outbox.sweep(now=A_MOMENT) == 0
    assert not Code.objects.exists()
    assert outbox.sweep(now=A_MOMENT + timedelta(minutes=2)) == 1
    assert Code.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "outcome"), [({}, "email"), ({"email_proven_at": None}, "post"), ({"is_active": False}, "none")]
)
def test_who_gets_what(member: Member, columns: dict[str, object], outcome: str) -> None:
    an_account(member, **columns)
    assert answered() == outcome


def test_an_unknown_number_is_answered_by_nothing(db: None) -> None:
    assert answered(NOBODY) == "none"
    assert not Code.objects.exists()
    assert Email.objects.count() == 1
