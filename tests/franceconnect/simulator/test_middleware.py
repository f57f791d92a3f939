"""Endpoints that are slow or fail, as a knob says (F 5, FS 24)."""

import pytest
import requests
from requests.exceptions import ReadTimeout

PATHS = {
    "discovery": "/.well-known/openid-configuration", "jwks": "/jwks", "authorize": "/authorize", "token": "/token",
    "userinfo": "/userinfo", "end_session": "/session/end",
}  # fmt: skip


@pytest.mark.parametrize(("endpoint", "path"), PATHS.items())
def test_an_endpoint_fails_and_the_others_do_not(simulator, endpoint, path):
    simulator.turn(failing_endpoint=endpoint, failing_status=503)
    assert requests.get(simulator.issuer + path, timeout=10).status_code == 503
    other = "/jwks" if endpoint == "discovery" else PATHS["discovery"]
    assert requests.get(simulator.issuer + other, timeout=10).status_code == 200


def test_an_endpoint_is_slower_than_anybody_waits(simulator):
    simulator.turn(slow_endpoint="jwks", slow_seconds=2)
    with pytest.raises(ReadTimeout):
        requests.get(f"{simulator.issuer}/jwks", timeout=0.2)
    assert requests.get(simulator.issuer + PATHS["discovery"], timeout=10).status_code == 200


def test_a_refusal_is_a_page_with_its_code_and_a_reference(simulator):
    answer = requests.get(f"{simulator.issuer}/authorize", timeout=10)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Y030007" in answer.text


def test_the_hub_may_go_down_and_come_back_where_it_was(simulator):
    simulator.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{simulator.issuer}/jwks", timeout=1)
    simulator.start()
    assert requests.get(f"{simulator.issuer}/jwks", timeout=10).status_code == 200


@pytest.mark.parametrize("path", ["/jwks", "/.well-known/openid-configuration", "/client/.well-known/keys"])
def test_a_machine_has_no_session(simulator, path):
    answer = requests.get(simulator.issuer + path, timeout=10)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
