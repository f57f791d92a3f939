"""Who works at the desk: added, given another role, sent a new link, gone (issue 5, no. 1 and 2)."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import codes, journal, notifications
from accounts.identity.caisses import CAISSES
from accounts.models import OF_A_CAISSE, Account, Agent, Code, Event, Role, login_of_agent
from accounts.sign_in import shut_out
from accounts.support.door import second_factor
from accounts.support.roles import May, hold_rights, may
from accounts.support.scope import Scope


class AlreadyHere(Exception):
    """Somebody works at the desk under this address."""


class Gone(Exception):
    """This agent has left."""


def roles_to_give(by: Account) -> list[Role]:
    """A lead names agents; the national support names anybody."""
    if not may(by, May.MANAGE_AGENTS):
        return []
    return list(Role) if Scope.of(by).is_everywhere else [Role.AGENT]


def caisses_to_give(by: Account) -> Iterable[str]:
    return CAISSES if Scope.of(by).is_everywhere else [by.agent.caisse]


def may_manage(by: Account, agent: Agent) -> bool:
    """Nobody themselves, and only whom they could have named."""
    scope = Scope.of(by)
    here = scope.is_everywhere or agent.caisse == scope.caisse
    return here and agent.pk != by.pk and agent.role in roles_to_give(by)


def may_send_link(by: Account, agent: Agent) -> bool:
    """Whoever manages them, and the operator: a telephone is lost on Sundays too."""
    from_outside = may(by, May.SEND_AGENT_LINK) and not may(by, May.MANAGE_AGENTS)
    return agent.is_present and agent.pk != by.pk and (from_outside or may_manage(by, agent))


@transaction.atomic
def add(*, email: str, name: str, role: Role, caisse: str, by: Account | None, now: datetime) -> Agent:
    """A new agent, or one who comes back; nothing opens before the link of their mail. Raises AlreadyHere."""
    if (role in OF_A_CAISSE) != bool(caisse):
        raise ValueError(f"{role} of « {caisse} »")
    _hold(by)
    account, is_new = Account.objects.get_or_create(
        login_fingerprint=login_of_agent(email),
        defaults={"kind": Account.Kind.AGENT, "created_at": now, "password": make_password(None)},
    )
    # One at a time: two leads who add the same person write one row and one mail.
    Account.objects.select_for_update().get(pk=account.pk)
    before = Agent.objects.filter(pk=account.pk).first()
    if before is not None and before.is_present:
        raise AlreadyHere
    account.is_active, account.email = True, email
    account.save(update_fields=["is_active", "email"])
    agent = Agent(account=account, role=role, caisse=caisse, created_at=before.created_at if before else now)
    agent.details = {"name": name}
    agent.save()
    detail = {"role": role, "caisse": caisse, "again": not is_new}
    journal.record(Event.AGENT_ADDED, account=account, detail=_told(by, **detail), now=now)
    send_link(agent, by=by, now=now)
    return agent


@transaction.atomic
def send_link(agent: Agent, *, by: Account | None, now: datetime) -> None:
    """The link to a password and a telephone; those of before, and every session, end with it. Raises Gone."""
    _hold(by, agent)
    account = agent.account
    if not Agent.objects.select_for_update().filter(pk=agent.pk, left_at=None).exists():
        raise Gone
    _close(account, now=now)
    secret = codes.issue_link(account, Code.Purpose.AGENT_SETUP, life=settings.AGENT_SETUP_LIFE, now=now)
    notifications.agent_setup(account, secret, now=now)
    journal.record(Event.AGENT_LINK_SENT, account=account, detail=_told(by), now=now)


@transaction.atomic
def change_role(agent: Agent, *, role: Role, caisse: str, by: Account, now: datetime) -> None:
    """Holds from their next page on. Raises Gone."""
    _hold(by, agent)
    if not Agent.objects.filter(pk=agent.pk, left_at=None).update(role=role, caisse=caisse):
        raise Gone
    agent.role, agent.caisse = role, caisse
    detail = _told(by, role=role, caisse=caisse)
    journal.record(Event.AGENT_CHANGED, account=agent.pk, detail=detail, now=now)


@transaction.atomic
def leave(agent: Agent, *, by: Account | None, now: datetime) -> bool:
    """At once: no session, no permission, no way back in. Returns whether they were still there."""
    _hold(by, agent)
    if not Agent.objects.filter(pk=agent.pk, left_at=None).update(left_at=now):
        return False
    agent.left_at = now
    Account.objects.filter(pk=agent.pk).update(is_active=False)
    _close(agent.account, now=now)
    journal.record(Event.AGENT_LEFT, account=agent.pk, detail=_told(by), now=now)
    return True


def _hold(by: Account | None, *agents: Agent) -> None:
    """Whoever has just lost the right names, changes and sends away nobody any more. Raises Refused."""
    if by is not None:
        hold_rights(by, *agents)


def _close(account: Account, *, now: datetime) -> None:
    shut_out(account, now=now)
    second_factor.remove(account, now=now)
    codes.cancel(account, Code.Purpose.AGENT_SETUP, Code.Purpose.AGENT_HALF_WAY, now=now)


def _told(by: Account | None, **detail: object) -> dict[str, object]:
    """Nobody is the command line."""
    return {"by": by.pk.hex if by else "", **detail}
