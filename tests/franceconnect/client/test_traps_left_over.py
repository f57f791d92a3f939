"""Nothing of who came is kept once it can serve nothing; an agent is nobody's member (FS 23, R16)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from franceconnect import retention
from franceconnect.models import RoundTrip
from tests.franceconnect.client.traveller import START, Traveller
from tests.members import an_account

pytestmark = pytest.mark.django_db


def test_claims_go_with_the_half_hour_in_which_a_number_may_be_typed(simulator):
    """FS 23: the row itself goes an hour later."""
    Traveller(simulator).arrive()
    assert RoundTrip.objects.get().arrival
    over = timezone.now() + settings.FRANCECONNECT_ROUND_TRIP_LIFE
    retention.purge(now=over - timedelta(minutes=1))
    assert RoundTrip.objects.get().arrival
    retention.purge(now=over + timedelta(minutes=1))
    assert RoundTrip.objects.get().arrival is None


def test_who_sits_at_an_agent_s_browser_comes_in_as_a_member(simulator):
    """I02, R14: an agent has no space to go on to."""
    caller = Traveller(simulator)
    agent = an_account()
    agent.kind, agent.member = Account.Kind.AGENT, None
    agent.save()
    caller.client.force_login(agent)
    assert caller.client.get(START)["Location"].startswith(simulator.issuer)
