"""The hub's door: FranceConnect's whitelist, its codes, and what a service hears (facts B2, B5; FS 2 to FS 5)."""

import pytest
import requests

from tests.franceconnect.simulator.asking import CALLBACK, as_json


def named(each):
    return " ".join(f"{name}={value}"[:40] for name, value in each.items()) if isinstance(each, dict) else each


AMR = as_json({"id_token": {"amr": {"essential": True}}})


@pytest.mark.parametrize(
    ("but", "code"),
    [
        ({"code_challenge": "x" * 43, "code_challenge_method": "S256"}, "Y030007"),
        ({"max_age": "60"}, "Y030007"),
        ({"login_hint": "someone"}, "Y030007"),
        ({"display": "page"}, "Y030007"),
        ({"response_mode": "query"}, "Y030007"),
        ({"state": None}, "Y030007"),
        ({"state": "s" * 21}, "Y030007"),
        ({"nonce": None}, "Y030007"),
        ({"nonce": "n" * 16}, "Y030007"),
        ({"nonce": "n" * 21}, "Y030007"),
        ({"acr_values": None}, "Y030007"),
        ({"acr_values": "e" * 65}, "Y030007"),
        ({"response_type": "id_token"}, "Y030007"),
        ({"response_type": "code id_token"}, "Y030007"),
        ({"scope": None}, "Y030007"),
        ({"scope": "identite_pivot"}, "Y030007"),
        ({"prompt": "none"}, "Y030007"),
        ({"prompt": "select_account"}, "Y030007"),
        ({"prompt": ""}, "Y030007"),
        ({"prompt": "login none"}, "Y030007"),
        ({"claims": "{"}, "Y030007"),
        ({"claims": "[]"}, "Y030007"),
        ({"claims": AMR}, "Y100009"),
        ({"client_id": None}, "Y030007"),
        ({"client_id": "somebody-else"}, "Y04EA6EF"),
        ({"redirect_uri": None}, "Y030007"),
        ({"redirect_uri": f"{CALLBACK}?more"}, "Y04C013C"),
        ({"redirect_uri": CALLBACK.rstrip("/")}, "Y04C013C"),
        ({"redirect_uri": "https://elsewhere.example/"}, "Y04C013C"),
    ],
    ids=named,
)  # fmt: skip
def test_what_is_malformed_or_unknown_ends_on_the_hub_s_own_page(service, but, code):
    status, text = service.refusal(service.url(**but))
    assert status == 400
    assert code in text


def test_a_parameter_that_comes_twice_is_not_believed(service):
    status, text = service.refusal(f"{service.url()}&scope=openid")
    assert (status, "Y030007" in text) == (400, True)


@pytest.mark.parametrize(
    ("but", "error"),
    [
        ({"scope": "openid idp_id"}, "invalid_scope"),
        ({"scope": "openid amr email"}, "invalid_scope"),
        ({"acr_values": "eidas2"}, "invalid_acr"),
        ({"acr_values": "eidas3"}, "invalid_acr"),
        ({"idp_hint": "nobody"}, "invalid_idp_hint"),
    ],
    ids=lambda each: " ".join(each.values()) if isinstance(each, dict) else each,
)
def test_what_a_service_may_not_ask_comes_back_as_an_error(service, simulator, but, error):
    heard = service.answer(service.url(**but))
    assert heard.pop("error_description")
    assert heard == {"error": error, "state": service.sent["state"], "iss": simulator.issuer}


@pytest.mark.parametrize(
    "but",
    [
        {"nonce": "n" * 22, "state": "é/&=" * 6},
        {"acr_values": "gold"},
        {"acr_values": "eidas2 eidas1"},
        {"scope": "openid something_new"},
        {"prompt": "login"},
        {"prompt": "consent"},
        {"prompt": "login consent"},
        {"ui_locales": "fr"},
        {"claims": "{}"},
        {"claims": as_json({"userinfo": {"email": None}})},
    ],
    ids=lambda each: " ".join(each),
)
def test_what_franceconnect_takes_leads_to_the_choice_of_an_account(service, but):
    service.browser.visit(service.url(**but))
    assert service.browser.response.status_code == 200
    assert "Je choisis un compte" in service.browser.response.text
    assert "code=" in service.browser.walk(service.browser.here)


def test_a_request_may_be_posted(service, simulator):
    service.url()
    service.browser.post(f"{simulator.issuer}/authorize", **service.sent)
    assert "Je choisis un compte" in service.browser.response.text
    assert requests.put(f"{simulator.issuer}/authorize", timeout=10).status_code == 405


def test_a_visitor_who_turns_back(service, simulator):
    """FS 6."""
    from_there = service.browser.give_up(service.url())
    assert from_there.startswith(f"{CALLBACK}?error=access_denied&error_description=User+auth+aborted&state=")
    assert f"state={service.sent['state']}" in from_there


@pytest.mark.parametrize(
    "error",
    ["access_denied", "server_error", "temporarily_unavailable", "invalid_request", "invalid_scope", "invalid_acr"],
)
def test_a_knob_answers_the_next_request_with_an_error_and_no_other(service, simulator, error):
    """FS 24: B5, reproducible."""
    simulator.turn(error=error, error_description="for a test")
    heard = service.answer(service.url())
    assert (heard["error"], heard["error_description"]) == (error, "for a test")
    service.browser.visit(service.url())
    assert not service.browser.left_for


def test_a_second_service_skips_the_choice_and_not_the_consent(service):
    """I17, B4."""
    service.code()
    service.browser.visit(service.url())
    assert service.browser.here.endswith("/consent")
    assert "Bienvenue" in service.browser.response.text


def test_single_sign_on_slides_for_thirty_minutes(service, simulator):
    service.code()
    for minutes in (29, 58):
        simulator.turn(clock_skew=minutes * 60)
        service.browser.visit(service.url())
        assert service.browser.here.endswith("/consent")
    simulator.turn(clock_skew=(58 + 31) * 60)
    service.browser.visit(service.url())
    assert not service.browser.here.endswith("/consent")


def test_single_sign_on_can_be_turned_off(service, simulator):
    service.code()
    simulator.turn(sso=False)
    service.browser.visit(service.url())
    assert "Je choisis un compte" in service.browser.response.text


def test_a_request_waits_for_thirty_minutes_and_is_answered_once(service, simulator):
    service.browser.visit(service.url())
    page = service.browser.here
    simulator.turn(clock_skew=30 * 60)
    assert service.browser.visit(page).response.status_code == 400
    simulator.turn(clock_skew=0)
    page = service.browser.visit(service.url()).here
    service.browser.walk(page)
    assert service.browser.visit(page).response.status_code == 400


def test_another_browser_cannot_answer_it(service, simulator):
    service.browser.visit(service.url())
    assert simulator.browser().visit(service.browser.here).response.status_code == 400
