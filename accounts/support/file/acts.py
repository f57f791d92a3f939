"""What an agent may do for a member: each act one verb, with a reason, journaled, told to the member (issue 5, no. 4).

Other rooms put theirs beside these with `register`; this one knows none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.db import transaction

from accounts import letters, notifications, throttling
from accounts.models import Account, Event, Member
from accounts.support.file import consultations
from accounts.support.file.consultations import account_of, note
from accounts.support.roles import May, hold_rights, may
from accounts.throttling import SUPPORT_ACT, TooManyAttempts

# Read by the agent who ticks one, and by the member in the message.
ASKED = {
    "call": "demande au téléphone",
    "counter": "demande à l'accueil",
    "written": "demande par écrit",
}
SAFETY = {"safety": "protection du compte"}

# Given the member, keyword by, now and the fields of the form. False when there is nothing to do any more.
Verb = Callable[..., bool]
# Given the member and the moment: why it cannot be done, in French, or nothing.
Hindrance = Callable[[Member, datetime], str]


def always(member: Member) -> bool:
    return True


def never(member: Member, now: datetime) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """`label` is its button, `will` what happens, `told` what the member reads, `past` its line in the timeline."""

    what: May
    slug: str
    label: str
    will: str
    told: str
    past: str
    reasons: Mapping[str, str]
    verb: Verb
    needs_account: bool = True
    # Whether it is offered at all: looks at the rows of the file and asks the database nothing.
    suits: Callable[[Member], bool] = always
    hindrance: Hindrance = never
    # Fields beside the reason; its classmethod `of`, if there is one, says what stands in them at first.
    form: type[forms.Form] = forms.Form
    # Its own message tells the member already: no letter beside a letter.
    tells_by_itself: bool = False


ACTS: dict[str, Act] = {}


def register(what: May, *, slug: str, **shape: Any) -> Callable[[Verb], Verb]:
    """This verb is an act of the desk, for whom the table of roles allows `what`; the rest as in Act."""

    def add(verb: Verb) -> Verb:
        assert slug not in ACTS, slug
        ACTS[slug] = Act(what=what, slug=slug, verb=verb, **shape)
        return verb

    return add


def find(slug: str) -> Act | None:
    return ACTS.get(slug)


def offered(member: Member, *, by: Account) -> list[Act]:
    """What this agent may do for this member as the file stands."""
    return [act for act in ACTS.values() if may(by, act.what) and suits(act, member)]


def suits(act: Act, member: Member) -> bool:
    return (not act.needs_account or account_of(member) is not None) and act.suits(member)


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    NOTHING = "nothing"  # it stood so already, or something is in the way
    JUST_DONE = "just_done"  # two clicks, or two agents at once


class Channel(StrEnum):
    """How the member hears of it."""

    EMAIL = "email"
    POST = "post"
    NOBODY = "nobody"


class _Undone(Exception):
    """Nothing happened: what was counted meanwhile is given back."""


def carry_out(
    act: Act, member: Member, *, by: Account, reason: str, now: datetime, given: Mapping[str, Any] | None = None
) -> Outcome:
    """The act, its line in the journal and the member's message: all of them or nothing. Raises TooManyAttempts, or
    Refused when the agent's rights have ended meanwhile.

    The same act on the same member waits a minute: the second of two clicks, in one browser or in two, changes nothing.
    """
    assert reason in act.reasons
    # Asked before: afterwards the address may be another.
    channel = channel_of(act, member)
    try:
        with transaction.atomic():
            hold_rights(by)
            _once(act, member, now=now)
            if not act.verb(member, by=by, now=now, **(given or {})):
                raise _Undone
            note(Event.SUPPORT_ACT, member, by=by, now=now, act=act.what, verb=act.slug, reason=reason)
            _tell(act, member, channel, by=by, reason=reason, now=now)
    except _Undone:
        return Outcome.NOTHING
    except _JustDone:
        return Outcome.JUST_DONE
    return Outcome.DONE


class _JustDone(Exception):
    """Somebody did the same a moment ago."""


def _once(act: Act, member: Member, *, now: datetime) -> None:
    try:
        throttling.take((SUPPORT_ACT, f"{act.slug}:{member.pk}"), now=now)
    except TooManyAttempts:
        raise _JustDone from None


def channel_of(act: Act, member: Member) -> Channel:
    """To the proven address, else to the postal one, else nowhere: the page says which."""
    account = account_of(member)
    if account and account.email_proven_at:
        return Channel.EMAIL
    if act.tells_by_itself or letters.can_be_posted_to(member):
        return Channel.POST
    return Channel.NOBODY


def whose(by: Account, why: str) -> str:
    """Which caisse's agent it was, never who, and why: as the message says it."""
    who = consultations.who(by.agent.caisse)
    return f"{who[0].upper()}{who[1:]} l'a fait. Motif\u00a0: {why}."


def _tell(act: Act, member: Member, channel: Channel, *, by: Account, reason: str, now: datetime) -> None:
    who = whose(by, act.reasons[reason])
    account = account_of(member)
    if channel is Channel.EMAIL and account:
        notifications.support_act(account, act.told, who=who, now=now)
    elif channel is Channel.POST and not act.tells_by_itself:
        notifications.support_act_letter(member, act.told, who=who, now=now)
