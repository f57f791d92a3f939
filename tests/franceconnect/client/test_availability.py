"""FranceConnect away, slow or odd: a page, no button for a minute, nothing half made (FS 1, FS 6, FS 24)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from franceconnect.client import availability, transport
from franceconnect.client.relying_party import ReturnedWithProblem
from franceconnect.models import RoundTrip
from tests.franceconnect.client.voyage import LATER, come_back, journaled, leave, problem_of

pytestmark = pytest.mark.django_db


def refused_at_once(**asked) -> str:
    with pytest.raises(ReturnedWithProblem) as refused:
        leave(**asked)
    return refused.value.slug


@pytest.fixture
def impatient(monkeypatch):
    """The same limits in tenths of a second."""
    monkeypatch.setattr(transport, "READ", 0.4)


def test_nobody_is_sent_to_a_franceconnect_that_is_not_there(simulator):
    """FS 1, FS 24."""
    simulator.stop()
    assert refused_at_once() == "injoignable"
    assert not RoundTrip.objects.exists()
    assert availability.is_down()
    assert journaled() == [{"slug": "injoignable", "code": ""}]


def test_it_is_asked_again_when_it_is_back(simulator):
    """Issue 4: nobody has to press anything; who comes a moment later leaves."""
    simulator.turn(failing_endpoint="discovery")
    assert refused_at_once() == "injoignable"
    simulator.turn(failing_endpoint="")
    assert refused_at_once() == "injoignable"
    assert leave(now=timezone.now() + LATER)


def test_what_is_known_serves_while_it_cannot_be_read(simulator, settings):
    """FS 1: the document is a day old, and FranceConnect's server for it has a bad hour."""
    arrival = come_back(simulator.walk(leave()))
    simulator.turn(failing_endpoint="discovery")
    tomorrow = timezone.now() + settings.FRANCECONNECT_METADATA_LIFE + LATER
    assert leave(now=tomorrow).startswith(simulator.issuer)
    assert arrival.identity
    assert refused_at_once(now=tomorrow + timedelta(days=1)) == "injoignable"


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "jwks"])
def test_an_endpoint_that_fails_ends_the_return_and_takes_the_button_away(simulator, endpoint):
    """FS 6, FS 7, FS 24: 5xx is a breakdown; the code is not tried again."""
    callback = simulator.walk(leave())
    simulator.turn(failing_endpoint=endpoint)
    assert problem_of(callback).slug == "injoignable"
    assert availability.is_down()
    assert RoundTrip.objects.get().arrival is None
    simulator.turn(failing_endpoint="")
    assert problem_of(callback).slug == "demande-deja-utilisee"


@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
def test_an_endpoint_that_is_slow_is_not_waited_for(simulator, impatient, endpoint):
    """FS 7, FS 24."""
    callback = simulator.walk(leave())
    simulator.turn(slow_endpoint=endpoint, slow_seconds=2)
    assert problem_of(callback).slug == "trop-lent"
    assert availability.is_down()


def test_a_server_between_us_that_says_something_odd_is_no_breakdown(simulator):
    """FS 24: 404 where the token should be; the button stays."""
    callback = simulator.walk(leave())
    simulator.turn(failing_endpoint="token", failing_status=404)
    assert problem_of(callback).slug in ("reponse-inattendue", "autre-erreur")
    assert not availability.is_down()


def test_the_button_comes_back_with_the_first_who_gets_through(simulator):
    """Issue 4, « The client » 1."""
    callback = simulator.walk(leave())
    availability.note_failure()
    assert availability.is_down()
    assert come_back(callback)
    assert not availability.is_down()


def test_the_button_comes_back_by_itself(settings):
    """Issue 4: after FRANCECONNECT_DOWN_FOR, here no time at all."""
    settings.FRANCECONNECT_DOWN_FOR = timedelta(0)
    availability.note_failure()
    assert not availability.is_down()


def test_without_an_issuer_there_is_no_button(settings):
    """FS 1."""
    settings.FRANCECONNECT_ISSUER = ""
    assert not availability.is_configured()
    settings.FRANCECONNECT_ISSUER = "https://franceconnect.example/api/v2"
    assert availability.is_configured()
