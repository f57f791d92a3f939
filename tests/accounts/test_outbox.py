"""What was written leaves after its commit, again until it is taken, never twice (R23)."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from pytest_django import Settings

from accounts import outbox
from accounts.models import Email, Entry, Event
from tests.members import A_MOMENT

pytestmark = [pytest.mark.django_db]
CONTENT = {"to": "fritz@example.org", "subject": "Objet", "text": "Bonjour é", "html": "<p>Bonjour é</p>"}


def put(**changes: Any) -> Email:
    given = {"account": None, "content": CONTENT, "now": A_MOMENT, **changes}
    return outbox.put("a_kind", **given)


def after(**time: float) -> datetime:
    return A_MOMENT + timedelta(**time)


class Postbox:
    """A mail server that answers as it is told, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield box
    server.stop()


@pytest.mark.sqlite
def test_an_email_leaves_once_and_its_text_is_forgotten() -> None:
    email = put()
    assert outbox.deliver(email.pk, now=A_MOMENT)
    assert not outbox.deliver(email.pk, now=after(hours=1))
    assert outbox.sweep(now=after(hours=1)) == 0
    email.refresh_from_db()
    assert (email.content, email.sent_at, email.attempts) == (None, A_MOMENT, 1)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["fritz@example.org"]
    assert Entry.objects.get().event == Event.MESSAGE_SENT


@pytest.mark.sqlite
def test_the_waiting_text_is_sealed() -> None:
    put()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM accounts_email")
        assert b"fritz" not in bytes(cursor.fetchone()[0])


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(outbox.deliver_email, "delay", asked.append)
    with transaction.atomic():
        email = put()
        assert asked == []
    assert asked == [str(email.pk)]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(outbox.deliver_email, "delay", asked.append)
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert (asked, Email.objects.count()) == ([], 0)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lost", [OperationalError("gone"), ConnectionError("gone"), RuntimeError("gone")])
def test_a_lost_broker_is_nobodys_error(lost: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> None:
        raise lost

    monkeypatch.setattr(outbox.deliver_email, "delay", fails)
    with transaction.atomic():
        put()
    assert outbox.sweep(now=after(seconds=1)) == 1


@pytest.mark.parametrize("answer", ["451 later", "550 no such box", "421 closing"])
def test_a_mail_server_that_refuses_is_asked_again_later_and_later(postbox: Postbox, answer: str) -> None:
    email = put()
    postbox.answers = [answer] * 3
    now, pauses = A_MOMENT, []
    for _ in range(3):
        assert not outbox.deliver(email.pk, now=now)
        email.refresh_from_db()
        pauses.append((email.due_at - now).total_seconds())
        assert outbox.sweep(now=email.due_at - timedelta(seconds=1)) == 0
        now = email.due_at
    assert pauses == [60, 120, 240]
    assert outbox.sweep(now=now) == 1
    assert len(postbox.taken) == 1


def test_the_pause_never_exceeds_an_hour(postbox: Postbox) -> None:
    email = put()
    Email.objects.update(attempts=500)
    postbox.answers = ["451 later"]
    outbox.deliver(email.pk, now=A_MOMENT)
    email.refresh_from_db()
    assert email.due_at == after(hours=1)


def test_a_mail_server_that_is_away_loses_nothing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        email = put()
        assert not outbox.deliver(email.pk, now=A_MOMENT)
    email.refresh_from_db()
    assert email.content == CONTENT


def test_a_crash_after_the_servers_yes_repeats_it_under_the_same_message_id(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23: the process dies between the mail server's yes and its own commit."""

    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    email = put()
    with monkeypatch.context() as crash:
        crash.setattr(outbox.journal, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(email.pk, now=A_MOMENT)
    assert outbox.sweep(now=after(minutes=4)) == 0  # the lease of the dead worker
    assert outbox.sweep(now=after(minutes=5)) == 1
    ids = [line for text in postbox.taken for line in text.splitlines() if line.startswith(b"Message-ID")]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert str(email.pk).encode() in ids[0]


def test_an_email_that_cannot_be_written_holds_up_no_other() -> None:
    put(content={**CONTENT, "subject": "two\nlines"})
    broken = put()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_email SET content = %s WHERE id = %s", [b"\x01\x01x" + b"0" * 40, broken.pk.hex]
        )
    put(content={**CONTENT, "to": "last@example.org"}, now=after(seconds=1))
    assert outbox.sweep(now=after(seconds=2)) == 1
    assert [message.to for message in mail.outbox] == [["last@example.org"]]
    assert Email.objects.filter(sent_at=None, given_up_at=None).count() == 2


@pytest.mark.sqlite
def test_an_email_that_has_outlived_its_use_is_given_up_and_forgotten() -> None:
    email = put(life=timedelta(minutes=30))
    assert outbox.sweep(now=after(minutes=30)) == 0
    email.refresh_from_db()
    assert (email.content, email.given_up_at) == (None, after(minutes=30))
    assert Entry.objects.get().detail == {"kind": "a_kind", "reason": "expired"}


@pytest.mark.sqlite
def test_an_unknown_email_is_nobodys_error(db: None) -> None:
    assert not outbox.deliver("00000000-0000-0000-0000-000000000000", now=A_MOMENT)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_it_once(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox.deliver_email, "delay", lambda _: None)
    email = put()

    def worker(_: int) -> bool:
        try:
            return outbox.deliver(email.pk, now=A_MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as workers:
        assert sum(workers.map(worker, range(8))) == 1
    assert len(postbox.taken) == 1
