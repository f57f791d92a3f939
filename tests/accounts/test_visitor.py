"""Who is at the other end: a browser and a network (R12, R14)."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from accounts import visitor

HERE = RequestFactory(REMOTE_ADDR="192.0.2.7")


@pytest.mark.parametrize(
    ("hops", "forwarded", "network"),
    [
        (0, "203.0.113.1", "192.0.2.7"),
        (1, "", "192.0.2.7"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "10.9.9.9, 203.0.113.1", "203.0.113.1"),
        (2, "10.9.9.9, 203.0.113.1, 198.51.100.2", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.1", "203.0.113.1"),
        (1, "not an address", ""),
        (1, " , ,203.0.113.1 ", "203.0.113.1"),
    ],
)
def test_the_network_is_what_the_last_trusted_proxy_saw(
    settings: Settings, hops: int, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = hops
    assert visitor.network_of(HERE.get("/", headers={"X-Forwarded-For": forwarded})) == network


def test_all_addresses_of_one_ipv6_subscriber_are_one_network() -> None:
    seen = {visitor.network_of(HERE.get("/", REMOTE_ADDR=f"2001:db8::{number}")) for number in range(5)}
    assert seen == {"2001:db8::/64"}


def test_a_browser_keeps_its_token_and_a_strange_one_is_not_taken() -> None:
    first = visitor.of(HERE.get("/"))
    assert len(first.token) == 43
    request = HERE.get("/")
    request.COOKIES["navigateur"] = first.token
    assert visitor.of(request).browser == first.browser
    request.COOKIES["navigateur"] = "x" * 5000
    assert visitor.of(request).token != "x" * 5000


def test_the_cookie_lasts_90_days_and_no_script_reads_it() -> None:
    """R14."""
    response = HttpResponse()
    visitor.remember(response, visitor.Visitor("t" * 43, ""))
    cookie = response.cookies["navigateur"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (90 * 86400, True, "Lax")
