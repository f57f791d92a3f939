"""The demonstration's agents: one of each role, whom a newcomer can be, and who are nowhere else (issue 5; R24)."""

import re
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agent, Role
from accounts.support.door.entering import login_of_agent
from msa_portal.demo.agents import AGENTS, NotHere, open_desk
from msa_portal.demo.personas import DEMO_PASSWORD
from msa_portal.environment import Mode
from tests.stories.caller import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.msa_portal.demo.portal_with_demo")]


def test_there_is_somebody_for_each_role_and_for_two_caisses():
    assert {each.role for each in AGENTS} == set(Role)
    assert len({each.caisse for each in AGENTS if each.role is Role.AGENT}) == 2


def test_they_are_put_there_once():
    assert open_desk(now=timezone.now()) == len(AGENTS)
    assert open_desk(now=timezone.now()) == 0
    assert Agent.objects.count() == len(AGENTS)


@pytest.mark.parametrize("who", AGENTS, ids=lambda each: each.slug)
def test_a_newcomer_comes_in_with_what_the_page_shows(who, held_clock):
    """Password and code of this moment, read where they are written."""
    open_desk(now=timezone.now())
    caller = Caller().visit("/dev/personas/")
    html = caller.response.content.decode()
    [code] = re.findall(r'class="figures">(\d{6})<', html.partition(who.email)[2].partition("</dl>")[0])
    assert DEMO_PASSWORD in html
    caller.visit("/support/connexion/").press("Continuer", email=who.email, password=DEMO_PASSWORD)
    assert caller.press("Se connecter", code=code).path == "/support/"
    caller.sees(who.name)


def test_production_has_none_of_them(settings: Any):
    settings.MODE = Mode.PRODUCTION
    with pytest.raises(NotHere):
        open_desk(now=timezone.now())
    assert not Agent.objects.filter(account__login_fingerprint=login_of_agent(AGENTS[0].email)).exists()
