"""The end of the session at FranceConnect, and the way back (facts A8, B4; FS 17)."""

import pytest
import requests

from tests.franceconnect.simulator.asking import LOGOUT_CALLBACK, Asking


def sign_out(service: Asking, url: str) -> str:
    """As a browser does without script: the page goes on by itself."""
    service.browser.visit(url)
    assert not service.browser.left_for
    (there,) = service.browser.refreshes()
    return service.browser.visit(there).left_for


def test_the_session_ends_and_the_service_gets_its_state_back(service):
    had = service.tokens()
    assert sign_out(service, service.sign_out_url(had["id_token"])) == f"{LOGOUT_CALLBACK}?state={'s' * 32}"
    service.browser.visit(service.url())
    assert "Je choisis un compte" in service.browser.response.text


def test_whoever_presses_the_button_goes_the_same_way(service):
    had = service.tokens()
    service.browser.visit(service.sign_out_url(had["id_token"]))
    key = service.browser.refreshes()[0].rpartition("=")[2]
    service.browser.post("/api/v2/session/end/confirm", key=key)
    assert service.browser.left_for == f"{LOGOUT_CALLBACK}?state={'s' * 32}"


def test_a_hint_that_has_long_been_over_is_good_enough(service, simulator):
    had = service.tokens()
    simulator.turn(clock_skew=3 * 3600)
    assert sign_out(service, service.sign_out_url(had["id_token"])).startswith(LOGOUT_CALLBACK)


def test_looking_ends_nothing_and_another_browser_cannot_go_on(service, simulator):
    had = service.tokens()
    service.browser.visit(service.sign_out_url(had["id_token"]))
    (there,) = service.browser.refreshes()
    assert simulator.browser().visit(there).response.status_code == 400
    service.browser.visit(service.url())
    assert service.browser.here.endswith("/consent")


def test_the_way_back_serves_once(service):
    had = service.tokens()
    service.browser.visit(service.sign_out_url(had["id_token"]))
    (there,) = service.browser.refreshes()
    assert service.browser.visit(there).left_for
    assert service.browser.visit(there).response.status_code == 400


@pytest.mark.parametrize(
    ("but", "code"),
    [
        ({"id_token_hint": None}, "Y030007"),
        ({"id_token_hint": "no.token.at-all"}, "Y100019"),
        ({"post_logout_redirect_uri": None}, "Y030007"),
        ({"post_logout_redirect_uri": LOGOUT_CALLBACK.rstrip("/")}, "Y04C013C"),
        ({"post_logout_redirect_uri": "https://elsewhere.example/"}, "Y04C013C"),
        ({"state": None}, "Y030007"),
    ],
    ids=lambda each: " ".join(f"{name}={value}" for name, value in each.items()) if isinstance(each, dict) else each,
)
def test_all_three_are_required_to_the_letter(service, but, code):
    """A trailing slash counts."""
    status, text = service.refusal(service.sign_out_url(service.tokens()["id_token"], **but))
    assert (status, code in text) == (400, True)


@pytest.mark.parametrize("spoil", ["wrong_key", "alg_none", "alg_hs256", "wrong_audience", "wrong_issuer"])
def test_a_hint_that_is_not_the_hub_s_is_no_hint(service, simulator, spoil):
    simulator.turn(spoil=spoil)
    had = service.tokens()
    simulator.turn(spoil="")
    status, text = service.refusal(service.sign_out_url(had["id_token"]))
    assert (status, "Y100019" in text) == (400, True)


def test_nobody_is_led_away_without_a_sign_out(simulator):
    assert requests.get(f"{simulator.issuer}/session/end/confirm", timeout=10).status_code == 400
    assert requests.post(f"{simulator.issuer}/session/end/confirm", timeout=10).status_code == 400


def test_nobody_is_signed_out_who_did_not_ask_for_it(service):
    """A8: where an identity provider sends back is an address that any page may lead a browser to."""
    had = service.tokens()
    service.browser.visit("/api/v2/client/logout-callback")
    assert service.browser.response.status_code == 400
    service.browser.visit(service.sign_out_url(had["id_token"]))
    assert service.browser.visit("/api/v2/client/logout-callback").response.status_code == 400
    service.browser.visit(service.url())
    assert service.browser.here.endswith("/consent")
