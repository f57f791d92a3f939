"""What comes to the callback: its iss, its state, its code, or none of them (facts B3; FS 6)."""

import pytest

from tests.franceconnect.simulator.asking import CALLBACK, said


def test_a_code_comes_with_the_state_and_with_who_says_so(service, simulator):
    heard = said(service.browser.walk(service.url()))
    assert set(heard) == {"code", "state", "iss"}
    assert (heard["state"], heard["iss"]) == (service.sent["state"], simulator.issuer)
    assert service.browser.left_for.startswith(f"{CALLBACK}?")


@pytest.mark.parametrize(
    ("knobs", "heard"),
    [
        ({"spoil": "no_iss"}, {"code", "state"}),
        ({"spoil": "no_code"}, {"state", "iss"}),
        ({"lose_state": True}, {"code", "iss"}),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else None,
)
def test_a_part_of_it_is_lost(service, simulator, knobs, heard):
    """FS 24."""
    simulator.turn(**knobs)
    assert set(said(service.browser.walk(service.url()))) == heard


def test_somebody_else_says_so(service, simulator):
    simulator.turn(spoil="forged_iss")
    assert said(service.browser.walk(service.url()))["iss"] == "https://faux-franceconnect.example/api/v2"


def test_a_code_that_is_over_when_it_arrives(service, simulator):
    simulator.turn(spoil="expired_code")
    answer = service.exchange(service.code())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_answered_request_gives_no_second_code(service):
    service.browser.visit(service.url())
    page = service.browser.here
    service.browser.walk(page)
    interaction = page.rpartition("/")[2].partition("?")[0]
    assert service.browser.post("/api/v2/login", interaction=interaction).response.status_code == 400
