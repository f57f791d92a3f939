"""The page of a member: what stands in their rows, read in as few questions as there are tables (issue 5, no. 4, 5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from accounts import letters, membership, public_codes
from accounts.letters import State
from accounts.membership import Membership
from accounts.models import Account, Channel, Code, Email, Entry, Letter, Member
from accounts.support import sentences
from accounts.support.file.consultations import JOINED, account_of

LINES, MOST_PAGES = 20, 50
MESSAGES = 10


@dataclass(frozen=True, repr=False)
class TemporaryPassword:
    """The newest one: how it left, until when it serves, whether it has."""

    channel: Channel
    sent_at: datetime
    until: datetime
    used_at: datetime | None
    is_live: bool
    is_begun: bool


@dataclass(frozen=True, repr=False)
class Message:
    """An e-mail or a letter: what about, when, how far. Never what it says."""

    at: datetime
    about: str
    state: str
    since: datetime | None


@dataclass(frozen=True, repr=False)
class Line:
    """One of the timeline."""

    at: datetime
    said: str


@dataclass(frozen=True, repr=False)
class Timeline:
    """A page of it, and whether another follows."""

    lines: tuple[Line, ...]
    page: int
    has_next: bool


@dataclass(frozen=True, repr=False)
class File:
    """Who, where they stand, what was sent and what happened."""

    member: Member
    account: Account | None
    membership: Membership
    temporary_password: TemporaryPassword | None
    pending_email: str
    letters: tuple[Message, ...]
    emails: tuple[Message, ...]
    timeline: Timeline
    panels: tuple[dict[str, Any], ...]


# What another room says of a member: told the member, the account if there is one, and the day.
Reader = Callable[[Member, Account | None, date], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A part of the page that another room owns."""

    place: int
    template: str
    read: Reader


PANELS: list[Panel] = []


def panel(template: str, *, place: int, joined: Sequence[str] = ()) -> Callable[[Reader], Reader]:
    """This stands on the page of a member; `joined` comes with the account, in the same query."""

    def register(read: Reader) -> Reader:
        PANELS.append(Panel(place, template, read))
        PANELS.sort(key=lambda each: each.place)
        JOINED.extend(joined)
        return read

    return register


def read(member: Member, *, page: int, now: datetime) -> File:
    """Each question is on an index of the member or of the account, and takes a few rows."""
    account, today = account_of(member), timezone.localdate(now)
    given = list(_codes(account)) if account else []
    return File(
        member=member,
        account=account,
        membership=membership.of(member, on=today),
        temporary_password=_temporary_password(given, now=now),
        pending_email=_pending_email(given, now=now),
        letters=tuple(_letters(member)),
        emails=tuple(_emails(account)) if account else (),
        timeline=timeline(account, page=page),
        panels=tuple(_panels(member, account, today)),
    )


def _codes(account: Account) -> models.QuerySet[Code]:
    wanted = (Code.Purpose.TEMPORARY_PASSWORD, Code.Purpose.EMAIL_LINK)
    return Code.objects.filter(account=account, purpose__in=wanted).order_by("-created_at")[:MESSAGES]


def _temporary_password(given: list[Code], *, now: datetime) -> TemporaryPassword | None:
    newest = next((each for each in given if each.purpose == Code.Purpose.TEMPORARY_PASSWORD), None)
    if newest is None:
        return None
    subject: Any = newest.subject
    return TemporaryPassword(
        channel=Channel(subject["channel"]),
        sent_at=newest.created_at,
        until=newest.expires_at,
        used_at=newest.used_at,
        is_live=newest.used_at is None and newest.expires_at > now,
        is_begun=newest.browser is not None,
    )


def _pending_email(given: list[Code], *, now: datetime) -> str:
    live = (each for each in given if each.purpose == Code.Purpose.EMAIL_LINK and each.used_at is None)
    return next((str(each.subject) for each in live if each.expires_at > now), "")


def _letters(member: Member) -> list[Message]:
    rows = Letter.objects.filter(member=member).order_by("-created_at").defer("content")[:MESSAGES]
    return [_letter(each) for each in rows]


def _letter(letter: Letter) -> Message:
    state = letters.state(letter)
    since = {
        State.PRINTED: letter.printed_at,
        State.POSTED: letter.posted_at,
        State.RETURNED: letter.returned_at,
    }.get(state)
    return Message(letter.created_at, str(Letter.Kind(letter.kind).label), state.label, since)


def _emails(account: Account) -> list[Message]:
    rows = Email.objects.filter(account=account).order_by("-created_at").defer("content")[:MESSAGES]
    return [_email(each) for each in rows]


def _email(email: Email) -> Message:
    about = public_codes.ABOUT.get(email.kind, public_codes.SOMETHING_ELSE)
    if email.sent_at:
        return Message(email.created_at, about, "parti", email.sent_at)
    if email.given_up_at:
        return Message(email.created_at, about, "non distribué", email.given_up_at)
    return Message(email.created_at, about, "en attente de départ", None)


def timeline(account: Account | None, *, page: int) -> Timeline:
    """On the index of an account's entries; nothing is counted."""
    if account is None:
        return Timeline((), 1, has_next=False)
    start = (page - 1) * LINES
    rows = list(Entry.objects.filter(account=account.pk).order_by("-at", "-pk")[start : start + LINES + 1])
    lines = tuple(Line(each.at, sentences.of(each)) for each in rows[:LINES])
    return Timeline(lines, page, has_next=len(rows) > LINES and page < MOST_PAGES)


def _panels(member: Member, account: Account | None, today: date) -> list[dict[str, Any]]:
    told = [(each.template, each.read(member, account, today)) for each in PANELS]
    return [{"template": template, "known": known} for template, known in told if known is not None]
