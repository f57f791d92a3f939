"""MSA as FranceConnect's service, against the simulated FranceConnect in a process of its own (FS 1 to FS 10)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Entry, Event
from accounts.sealed import fingerprint
from accounts.throttling import TooManyAttempts
from franceconnect.client import relying_party
from franceconnect.client.relying_party import ReturnedWithProblem
from franceconnect.models import RoundTrip
from tests.franceconnect.client.voyage import ELSEWHERE, HERE, asked_in, come_back, leave, problem_of, query_of

pytestmark = pytest.mark.django_db


def journaled() -> list[dict[str, str]]:
    return list(Entry.objects.filter(event=Event.FRANCECONNECT_RETURNED).values_list("detail", flat=True))


def test_a_citizen_goes_and_arrives(simulator):
    """FS 1, FS 9, FS 10: discovered, exchanged, verified; sub as FranceConnect makes them."""
    arrival = come_back(simulator.walk(leave(next_page="/mon-compte/")))
    assert arrival.identity.family_name == "ORSINI"
    assert arrival.identity.issuer == simulator.issuer
    assert len(arrival.identity.subject) == 66
    assert arrival.id_token.count(".") == 2
    assert arrival.round_trip.luggage["next_page"] == "/mon-compte/"
    assert arrival.round_trip.returned_at
    assert arrival.round_trip.finished_at is None
    assert journaled() == []


def test_the_request_has_what_franceconnect_knows_and_nothing_else(simulator):
    """FS 2, FS 3, FS 4, FS 5: no PKCE, no unknown parameter; spaces as %20; random in state and nonce alone."""
    address = leave()
    asked = asked_in(address)
    assert set(asked) == {"client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "acr_values"}
    assert asked["client_id"] == settings.FRANCECONNECT_CLIENT_ID
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{settings.BASE_URL}/franceconnect/retour/"
    assert asked["scope"] == settings.FRANCECONNECT_SCOPES
    assert asked["acr_values"] == "eidas1"
    assert len(asked["state"]) == len(asked["nonce"]) == 64
    assert asked["state"] != asked["nonce"]
    assert "+" not in address
    assert "openid%20" in address
    again = asked_in(leave())
    assert not {again["state"], again["nonce"]} & {asked["state"], asked["nonce"]}


def test_a_fresh_sign_in_is_asked_for_in_franceconnect_s_own_words(simulator):
    """FS 4: « login consent » is the only prompt we send."""
    assert asked_in(leave(fresh=True))["prompt"] == "login consent"
    assert come_back(simulator.walk(leave(fresh=True))).identity


def test_the_table_knows_neither_state_nor_nonce(simulator):
    """FS 3: the state by its mark, the nonce sealed."""
    asked = asked_in(leave())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM franceconnect_roundtrip")
        row = b"|".join(bytes(each) if isinstance(each, memoryview) else str(each).encode() for each in cursor.fetchone())
    assert asked["state"].encode() not in row
    assert asked["nonce"].encode() not in row
    assert RoundTrip.objects.get().state_fingerprint == fingerprint("franceconnect_state", asked["state"])


def test_a_return_costs_two_statements_and_no_hash(simulator):
    """Issue 4, « Done when »: the UPDATE of the state and the row; everything else is between us and FranceConnect."""
    come_back(simulator.walk(leave()))
    callback = simulator.walk(leave())
    with CaptureQueriesContext(connection, ) as asked:
        come_back(callback)
    assert [each["sql"].split()[0] for each in asked.captured_queries] == ["UPDATE", "SELECT"]
