"""Agents of the demonstration at their desk, on the demonstration's own day."""

from typing import Any

from django.utils import timezone

from accounts.models import Account, Consultation, login_of_agent
from accounts.sign_in import How
from msa_portal.demo import desk
from msa_portal.demo.agents import AGENTS, DemoAgent
from tests.browser.states.cookies import Cookies, signed_in
from tests.browser.states.requests import franceconnect

CAMILLE, INES, MARC, SOFIA, PAUL, LEA = (each.slug for each in AGENTS)


def demo_agent(slug: str) -> DemoAgent:
    return next(each for each in AGENTS if each.slug == slug)


def agent_account(slug: str) -> Account:
    return Account.objects.get(login_fingerprint=login_of_agent(demo_agent(slug).email))


def at_desk(slug: str) -> Cookies:
    """In by password and code; no file and no row is open to them yet."""
    desk.lay_out(now=timezone.now())
    franceconnect()
    account = agent_account(slug)
    Consultation.objects.filter(agent=account, until__gt=timezone.now()).delete()
    return signed_in(account, How.AGENT)


def place_of(model: type[Any], *more: str) -> str:
    """`place_of(Letter, pk, "change")`."""
    return "/support/" + "/".join([model._meta.app_label, model._meta.model_name, *map(str, more), ""])
