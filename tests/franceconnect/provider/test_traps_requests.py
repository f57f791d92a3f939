"""What a request may cost, how long it waits, what it leaves in addresses (R12, R15, R20; FI 6; Core, 3.1.2.1)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from django.test import Client as Browser
from time_machine import Traveller

from accounts.models import Account
from franceconnect.models import Grant, Interaction
from tests.members import LAMY
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, whole_flow

pytestmark = [pytest.mark.django_db]
TRIES = 3


@pytest.fixture
def few(settings: Any) -> None:
    """So many requests from one network, and then a wait of a minute."""
    settings.THROTTLES = {**settings.THROTTLES, "service_requests": (TRIES, 600, 60, 600)}


# How many -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few", "held_clock")
@pytest.mark.parametrize("kind", [franceconnect, standard])
def test_nobody_fills_the_table_of_requests(account: Account, kind: type, held_clock: Traveller) -> None:
    """R12, FI 6: back to the service, which may try again later, and no row; others and a later hour are served."""
    url = kind().request().url
    for _ in range(TRIES):
        assert Visitor().visit(url).offers("Se connecter")
    for _ in range(TRIES):
        assert "error=temporarily_unavailable" in Visitor().visit(url).left_for
    assert Interaction.objects.count() == TRIES
    assert Visitor("198.51.100.7").visit(url).offers("Se connecter")
    held_clock.shift(timedelta(seconds=61))
    assert Visitor().visit(url).offers("Se connecter")


@pytest.mark.usefixtures("few")
def test_a_live_session_asks_as_often_as_it_likes(party: RelyingParty, visitor: Visitor) -> None:
    """Nothing is inserted that waits: neither for an answer at once nor for a refusal."""
    whole_flow(party, visitor)
    for _ in range(3 * TRIES):
        sent = party.request()
        assert party.code(sent, visitor.bring(sent).left_for)
        wrong = party.request(response_type="token")
        assert party.callback(wrong, visitor.bring(wrong).left_for)["error"] == "unsupported_response_type"
    assert Interaction.objects.count() == 1
    # Two are left to who has to be asked something.
    for _ in range(TRIES - 1):
        assert Visitor().bring(party.request()).offers("Se connecter")
    assert "error=temporarily_unavailable" in Visitor().bring(party.request()).left_for


def test_a_look_without_opening_issues_nothing(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 6749, 3.1: GET and POST. What looks before it opens (HEAD) would be given a code."""
    whole_flow(party, visitor)
    before = Grant.objects.count(), Interaction.objects.count()
    for browser in (visitor.client, Browser()):
        for wanted in (party, franceconnect(client_id=f"fc-{id(browser)}")):
            for method in ("head", "options", "put", "delete", "patch"):
                answer = getattr(browser, method)(
                    "/oidc/authorize", QUERY_STRING=urlencode(wanted.request().parameters)
                )
                assert answer.status_code == 405, method
                assert "Location" not in answer
    assert (Grant.objects.count(), Interaction.objects.count()) == before


# How long -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [franceconnect, standard])
def test_a_request_that_waited_too_long_is_answered_once(
    account: Account, visitor: Visitor, held_clock: Traveller, kind: type
) -> None:
    """FI 6: the service is told, with its state and who says so; somebody else's browser is not led anywhere."""
    party = kind()
    sent = party.request()
    page = visitor.bring(sent).path
    held_clock.shift(configured.OIDC_INTERACTION_LIFE)
    stranger = Visitor("198.51.100.1").visit(page)
    assert stranger.response.status_code == 410
    assert not stranger.left_for
    answer = party.callback(sent, visitor.visit(page).left_for)
    assert set(answer) == {"error", "error_description", "state", "iss"}
    assert answer["error"] == "access_denied"
    assert visitor.visit(page).response.status_code == 410
    assert not Grant.objects.exists()


@pytest.mark.parametrize(("max_age", "reads_for"), [("0", 120), ("30", 120), ("600", 600)])
def test_a_fresh_sign_in_is_not_fresh_for_ever(
    account: Account, visitor: Visitor, held_clock: Traveller, max_age: str, reads_for: int
) -> None:
    """Core, 3.1.2.1: two minutes to read the page; a sign-in older than max_age was passed on as long as it waited."""
    party = standard(skip_authorization=False)
    sent = party.request(max_age=max_age)
    page = visitor.bring(sent).sign_in().path
    held_clock.shift(timedelta(seconds=reads_for))
    assert visitor.visit(page).offers("Autoriser")
    held_clock.shift(timedelta(seconds=1))
    assert visitor.agree().offers("Se connecter")
    assert not visitor.left_for
    assert not Grant.objects.exists()
    assert party.code(sent, visitor.sign_in().agree().left_for)


def test_a_page_that_is_read_quickly_keeps_its_sign_in(
    account: Account, visitor: Visitor, held_clock: Traveller
) -> None:
    """The control: max_age=0 can be met at all."""
    party = standard(skip_authorization=False)
    sent = party.request(max_age="0")
    visitor.bring(sent).sign_in()
    held_clock.shift(timedelta(seconds=119))
    assert party.code(sent, visitor.agree().left_for)


# In addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [franceconnect, standard])
@pytest.mark.parametrize("spoilt", [{}, {"prompt": "none"}, {"response_type": "token"}, {"redirect_uri": "x"}], ids=str)
def test_a_number_that_came_in_a_form_stands_in_no_address(
    account: Account, visitor: Visitor, kind: type, spoilt: dict[str, str]
) -> None:
    """R20: login_hint may be a NIR; addresses end in histories, logs and Referer."""
    sent = kind().request(login_hint=LAMY, **spoilt)
    path, form = "/oidc/authorize", [*sent.parameters.items(), ("login_hint", f"{LAMY[:7]} {LAMY[7:]}")]
    for given in (sent.parameters.items(), form):
        answer = visitor.client.post(path, urlencode(list(given)), content_type=FORM)
        for _ in range(4):
            location = answer.get("Location", "")
            assert LAMY not in location
            assert "login_hint" not in location
            if not location.startswith("/"):
                break
            answer = visitor.client.get(location)
        assert LAMY not in answer.content.decode()
