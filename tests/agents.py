"""Agents of the support desk, made at once, and their telephones: what the tests of the desk begin with."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_otp.oath import TOTP

from accounts import member_session
from accounts.models import OF_A_CAISSE, Account, Agent, Authenticator, Role, login_of_agent
from accounts.sign_in import How
from accounts.support.door import second_factor
from tests.members import A_MOMENT, OWN_PASSWORD
from tests.stories.caller import Caller

ALSACE, ELSEWHERE = "68", "13"
OPEN_ROW = "Ouvrir cette page"
SEED = second_factor.Seed(b"twenty bytes of seed")


def an_agent(role: str = Role.AGENT, *, caisse: str | None = None, email: str = "", **columns: Any) -> Account:
    """Somebody whose first sign-in is done; of the MSA d'Alsace when the role is of a caisse."""
    email = email or f"{uuid.uuid4().hex[:8]}@msa.example"
    account = Account(kind="agent", created_at=A_MOMENT, login_fingerprint=login_of_agent(email), **columns)
    account.email, account.email_proven_at = email, A_MOMENT
    account.set_password(OWN_PASSWORD)
    account.save(force_insert=True)
    place = caisse if caisse is not None else ALSACE if role in OF_A_CAISSE else ""
    agent = Agent(account=account, role=role, caisse=place, created_at=A_MOMENT)
    agent.details = {"name": "Camille Dupré"}
    agent.save(force_insert=True)
    device = Authenticator(user=account, name="")
    device.seed = SEED.key.hex()
    device.save(force_insert=True)
    return account


def code_at(moment: datetime | None = None, *, seed: second_factor.Seed = SEED) -> str:
    """What their telephone shows."""
    totp = TOTP(seed.key)
    totp.time = (moment or timezone.now()).timestamp()
    return f"{totp.token():06d}"


def at_desk(account: Account, caller: Caller | None = None) -> Caller:
    """A browser in which this agent has come in, by both halves."""
    caller = caller or Caller()
    caller.client.force_login(account)
    session = caller.client.session
    stamp = int(timezone.now().timestamp())
    session.update({member_session.OPENED: stamp, member_session.SEEN: stamp, member_session.HOW: How.AGENT})
    session.save()
    return caller


def come_in(account: Account, *, caller: Caller | None = None, later: timedelta = timedelta()) -> Caller:
    """By the door, as an agent does."""
    caller = caller or Caller()
    caller.visit("/support/connexion/").press("Continuer", email=account.email or "", password=OWN_PASSWORD)
    return caller.press("Se connecter", code=code_at(timezone.now() + later))


def at_row(caller: Caller, address: str) -> Caller:
    """A row of a work list, opened as an agent opens it: by its button, when the member's file is not open yet."""
    caller.visit(address)
    return caller.press(OPEN_ROW) if caller.offers(OPEN_ROW) else caller
