"""Sends what was written: after the commit, again until it is taken, never twice (R23)."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import journal, public_codes
from accounts.models import Account, Email, Event

logger = logging.getLogger(__name__)

# How long one worker may hold an e-mail before another may believe it dead.
LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LIFE = timedelta(days=3)
SWEEP_SIZE = 200

Answer = Callable[..., None]


class UnknownKind(Exception):
    """Neither an e-mail nor anything this worker knows how to answer: a newer one will."""


ANSWERS: dict[str, Answer] = {}


def put(
    kind: str,
    *,
    account: Account | None,
    content: dict[str, Any],
    now: datetime,
    life: timedelta = LIFE,
    public_code: str = "",
) -> Email:
    """Write an e-mail beside its cause; it leaves once that has committed.

    What is answered later is no e-mail yet and bears no code. Raises public_codes.Taken.
    """
    email = Email(kind=kind, account=account, created_at=now, due_at=now, expires_at=now + life)
    email.public_code, email.content = public_code, content
    public_codes.insert(email)
    transaction.on_commit(lambda: _ask_for_delivery(email), robust=True)
    return email


def _ask_for_delivery(email: Email) -> None:
    # The queue of tasks is only a faster way: what it loses, the sweep finds.
    try:
        deliver_email.delay(str(email.pk))
    except (OperationalError, OSError):
        logger.warning("broker unreachable, the sweep will deliver", extra={"kind": email.kind})


@shared_task(name="accounts.deliver_email")
def deliver_email(email_id: str) -> None:
    """Send one e-mail now."""
    deliver(email_id, now=timezone.now())


def deliver(email_id: Any, *, now: datetime) -> bool:
    """Send one e-mail if it is due and nobody else is at it. Returns whether it left."""
    mine = Email.objects.filter(pk=email_id, sent_at=None, given_up_at=None, due_at__lte=now)
    if not mine.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    email = Email.objects.get(pk=email_id)
    try:
        if now >= email.expires_at:
            return _give_up(email, now=now, reason="expired")
        if answer := ANSWERS.get(email.kind):
            return _answer(email, answer, now=now)
        if email.content is None or "subject" not in email.content:
            raise UnknownKind(email.kind)
        _send(email, email.content)
    except Exception as refusal:  # whatever it was, this e-mail waits and the others go on
        _wait(email, refusal, now=now)
        return False
    with transaction.atomic():
        Email.objects.filter(pk=email.pk).update(sent_at=now, content=None)
        journal.record(Event.MESSAGE_SENT, account=email.account_id, detail={"kind": email.kind}, now=now)
    return True


def answers(kind: str) -> Callable[[Answer], Answer]:
    """What is put under this kind is not an e-mail yet: the function writes the answer when its turn comes."""

    def register(answer: Answer) -> Answer:
        ANSWERS[kind] = answer
        return answer

    return register


def _answer(email: Email, answer: Answer, *, now: datetime) -> bool:
    with transaction.atomic():
        mine = Email.objects.filter(pk=email.pk, sent_at=None).update(sent_at=now, content=None)
        if mine:
            answer(email.content, now=now)
    return bool(mine)


def _send(email: Email, content: dict[str, str]) -> None:
    host = settings.BASE_HOST.partition(":")[0]
    message = EmailMultiAlternatives(
        content["subject"],
        content["text"],
        to=[content["to"]],
        headers={"Message-ID": message_id(email, host), "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    message.attach_alternative(content["html"], "text/html")
    message.send()


def message_id(email: Email, host: str) -> str:
    """The same at every attempt, so that a mail server can drop a repeated one."""
    return f"<{email.pk}@{host}>" if host else make_msgid(str(email.pk))


def _wait(email: Email, refusal: Exception, *, now: datetime) -> None:
    pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(email.attempts, 10))
    Email.objects.filter(pk=email.pk).update(due_at=now + pause)
    logger.warning(
        "mail not taken", extra={"kind": email.kind, "why": type(refusal).__name__, "attempts": email.attempts}
    )


def _give_up(email: Email, *, now: datetime, reason: str) -> bool:
    with transaction.atomic():
        Email.objects.filter(pk=email.pk).update(given_up_at=now, content=None)
        detail = {"kind": email.kind, "reason": reason}
        journal.record(Event.MESSAGE_GIVEN_UP, account=email.account_id, detail=detail, now=now)
    return False


def sweep(*, now: datetime) -> int:
    """Deliver what a crash, a lost broker or a refusing mail server left behind. Returns how many left.

    The clock goes on while mails leave: a lease counted from the sweep's beginning could be over before it is taken.
    """
    started = time.monotonic()
    due = Email.objects.filter(sent_at=None, given_up_at=None, due_at__lte=now).order_by("due_at")
    waiting = due.values_list("pk", flat=True)[:SWEEP_SIZE]
    return sum(deliver(pk, now=now + timedelta(seconds=int(time.monotonic() - started))) for pk in waiting)
