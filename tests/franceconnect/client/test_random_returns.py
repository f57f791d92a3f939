"""Anything may be written into the callback's address: nobody is signed in by it, and nothing breaks (FS 3, FS 6)."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Account
from franceconnect.client import problems
from franceconnect.models import Link
from tests.franceconnect.client.voyage import asked_in

NAMES = ("state", "iss", "error", "error_description", "error_uri", "code", "suite", "x")
TEXT = st.text(max_size=70) | st.sampled_from(["access_denied", "Y010004", "\x00", "a" * 64, "0" * 64, "é" * 64])
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), TEXT), max_size=8)


def knock(client: Client, query: str) -> None:
    answer = client.get(f"{reverse('franceconnect:callback')}?{query}")
    assert answer.status_code in (302, 400, 429), answer.status_code
    if answer.status_code == 302:
        slug = answer["Location"].removeprefix("/franceconnect/probleme/").rstrip("/")
        assert problems.of(slug)
    assert SESSION_KEY not in client.session
    assert not Account.objects.exists()
    assert not Link.objects.exists()


class RandomReturns(TestCase):
    @given(QUERIES)
    def test_without_a_way_out_there_is_no_way_back(self, query):
        """FS 3, FS 6: states, codes and errors that nobody left with."""
        knock(Client(), urlencode(query))

    @given(st.binary(max_size=80))
    def test_nor_by_bytes_that_are_no_text(self, query):
        """FS 6."""
        knock(Client(), "".join(f"%{byte:02x}" for byte in query))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {}, {"code": "x"}, {"code": "\x00"}, {"code": "x" * 5000}, {"error": ""}, {"error": "\x00"},
        {"error": "access_denied", "error_description": "x" * 5000}, {"error": "é"}, {"code": "é"},
        {"code": "a b"}, {"code": "a&client_id=other"},
    ],
    ids=lambda said: str(said)[:40],
)  # fmt: skip
def test_a_state_that_is_right_is_not_enough(simulator, client, said):
    """FS 6, FS 7: what stands beside it may be anything."""
    state = asked_in(client.get(reverse("franceconnect:start"))["Location"])["state"]
    knock(client, urlencode({"state": state, "iss": simulator.issuer, **said}))
