"""Who opens whose file: a reason once, thirty minutes, and the member reads it for 36 months (issue 5, R16)."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from accounts import journal
from accounts.identity.caisses import CAISSES
from accounts.models import Account, Consultation, Event, Member
from accounts.support.file import file_address
from accounts.support.roles import hold_rights
from accounts.support.scope import Scope


def find(address: str, *, scope: Scope, by: Account, now: datetime) -> Member | None:
    """The member of this file, if they are in scope, with their account; `opened_until` when it is open to this agent.

    Two queries, on the keys: what the member is for which caisse is asked all over the page.
    """
    number = file_address.member_id(address)
    if number is None:
        return None
    mine = Consultation.objects.filter(member=models.OuterRef("pk"), agent=by, until__gt=now)
    rows = Member.objects.filter(pk=number).select_related(*JOINED)
    until = models.Subquery(mine.order_by("-until").values("until")[:1])
    return scope.members(rows.annotate(opened_until=until).prefetch_related("affiliations")).first()


# What other rooms show on the page of a member and has one row at most comes along with the account.
JOINED = ["account"]


def account_of(member: Member) -> Account | None:
    return getattr(member, "account", None)


def are_open(members: Iterable[Member], *, by: Account, now: datetime) -> bool:
    """Whether this agent has said why, less than thirty minutes ago, for each of these files."""
    asked = {each.pk for each in members}
    opened = Consultation.objects.filter(member__in=asked, agent=by, until__gt=now).values_list("member", flat=True)
    return asked <= set(opened)


@transaction.atomic
def begin(member: Member, reason: Consultation.Reason, *, by: Account, now: datetime) -> Consultation:
    """The file is open to this agent from now on; pressing twice opens it once. Raises Refused."""
    # One agent's openings, one after the other.
    hold_rights(by)
    open_now = Consultation.objects.filter(member=member, agent=by, until__gt=now).first()
    if open_now is not None:
        return open_now
    begun = Consultation.objects.create(
        agent=by,
        caisse=by.agent.caisse,
        member=member,
        reason=reason,
        at=now,
        until=now + settings.CONSULTATION_OPEN,
    )
    note(Event.SUPPORT_FILE_OPENED, member, by=by, now=now, reason=reason)
    return begun


@transaction.atomic
def show_nir(member: Member, *, reason: str, by: Account, now: datetime) -> bool:
    """The whole number is shown: a line, and the member reads it. False when the file is not open. Raises Refused."""
    hold_rights(by)
    if not Consultation.objects.filter(member=member, agent=by, until__gt=now).update(nir_shown_at=now):
        return False
    note(Event.SUPPORT_NIR_SHOWN, member, by=by, now=now, reason=reason)
    return True


def note(event: Event, member: Member, *, by: Account, now: datetime, **detail: str) -> None:
    """A line about a member, who may have no account: then the file's address stands for them."""
    account = account_of(member)
    whose = {} if account else {"file": file_address.of(member.pk)}
    journal.record(event, account=account, detail={**detail, "by": by.pk.hex, **whose}, now=now)


def of_member(member: Member) -> "models.QuerySet[Consultation]":
    """The newest first; never which agent, only whose."""
    return (
        Consultation.objects.filter(member=member).order_by("-at", "pk").only("at", "caisse", "reason", "nir_shown_at")
    )


def who(caisse: str) -> str:
    """« un conseiller de la MSA Alsace »."""
    return f"un conseiller de la {CAISSES[caisse].name}" if caisse else "un conseiller de l'assistance nationale"


def forget(*, now: datetime) -> int:
    """R16: 36 months."""
    return Consultation.objects.filter(at__lt=now - settings.CONSULTATION_LIFE).delete()[0]
