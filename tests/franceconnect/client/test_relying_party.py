"""MSA as FranceConnect's service, against the simulated FranceConnect in a process of its own (FS 1 to FS 10)."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Throttle
from accounts.sealed import fingerprint
from accounts.throttling import TooManyAttempts
from franceconnect.client import metadata, relying_party
from franceconnect.models import RoundTrip
from tests.franceconnect.client.voyage import HERE, LATER, asked_in, come_back, journaled, leave, problem_of

pytestmark = pytest.mark.django_db


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
    address = leave(fresh=True)
    assert asked_in(address)["prompt"] == "login consent"
    assert "prompt=login%20consent" in address
    assert come_back(simulator.walk(address)).identity


def test_the_table_knows_neither_state_nor_nonce(simulator):
    """FS 3, FS 23: the state by its mark, the nonce sealed."""
    asked = asked_in(leave())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM franceconnect_roundtrip")
        row = [bytes(each) if isinstance(each, memoryview) else str(each).encode() for each in cursor.fetchone()]
    assert asked["state"].encode() not in b"|".join(row)
    assert asked["nonce"].encode() not in b"|".join(row)
    assert bytes(RoundTrip.objects.get().state_fingerprint) == fingerprint("franceconnect_state", asked["state"])


def test_a_return_costs_two_statements(simulator):
    """FS 7, issue 4: the state's UPDATE and its row; no transaction is open while we talk to FranceConnect."""
    come_back(simulator.walk(leave()))
    callback = simulator.walk(leave())
    with CaptureQueriesContext(connection) as asked:
        come_back(callback)
    assert [each["sql"].split()[0] for each in asked.captured_queries] == ["UPDATE", "SELECT"]


def test_discovery_and_keys_are_read_once_for_many_sign_ins(simulator):
    """FS 1: the second sign-in asks for a token and for userinfo, and begins without a word to FranceConnect."""
    come_back(simulator.walk(leave()))
    simulator.turn(failing_endpoint="discovery")
    assert come_back(simulator.walk(leave())).identity
    simulator.turn(failing_endpoint="jwks")
    assert come_back(simulator.walk(leave())).identity


def test_the_agreed_alg_may_be_the_other_one(simulator, settings):
    """FS 8: one alg is agreed; it is RS256 for who agreed on that."""
    settings.FRANCECONNECT_SIGNING_ALG = "RS256"
    simulator.turn(signing_alg="RS256")
    assert come_back(simulator.walk(leave())).identity


def test_an_agreed_alg_is_held_to(simulator):
    """FS 8: FranceConnect signs by its other published key, and is not believed."""
    simulator.turn(signing_alg="RS256")
    assert problem_of(simulator.walk(leave())).slug == "reponse-non-fiable"


def test_a_new_key_is_looked_up_once(simulator):
    """FS 8: a rotation is seen at the first token signed by the new key."""
    come_back(simulator.walk(leave()))
    simulator.turn(spoil="new_key")
    assert come_back(simulator.walk(leave()), now=timezone.now() + LATER).identity


def test_nobody_makes_us_read_the_keys_at_every_token(simulator):
    """FS 8: within a few seconds, a kid that we do not know is refused by what we know."""
    now = timezone.now()
    come_back(simulator.walk(leave()), now=now)
    simulator.turn(spoil="new_key")
    assert problem_of(simulator.walk(leave()), now=now).slug == "reponse-non-fiable"
    assert come_back(simulator.walk(leave()), now=now + LATER).identity


def test_so_many_departures_from_one_network_are_enough(simulator, settings):
    """R12: the table of round trips is not filled by one network."""
    settings.THROTTLES = {**settings.THROTTLES, "franceconnect_network": (2, 600, 60, 600)}
    leave()
    leave()
    with pytest.raises(TooManyAttempts):
        leave()
    assert RoundTrip.objects.count() == 2
    assert leave(network="198.51.100.1")


def test_without_an_issuer_nobody_leaves(settings):
    """FS 1: a page says so, and no row is written."""
    settings.FRANCECONNECT_ISSUER = ""
    with pytest.raises(relying_party.ReturnedWithProblem) as refused:
        leave()
    assert refused.value.slug == "pas-encore-ouvert"
    assert not RoundTrip.objects.exists()
    assert Throttle.objects.count() == 1


def test_signing_out_goes_by_a_state_of_its_own(simulator):
    """FS 17: id_token_hint, a fresh state, the registered address; the way back is this browser's, once."""
    arrival = come_back(simulator.walk(leave()))
    address = relying_party.begin_sign_out(arrival.id_token, browser=HERE, now=timezone.now())
    asked = asked_in(address)
    assert address.startswith(f"{metadata.endpoints(now=timezone.now()).end_session}?")
    assert set(asked) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert asked["id_token_hint"] == arrival.id_token
    assert asked["post_logout_redirect_uri"] == f"{settings.BASE_URL}/franceconnect/deconnexion/retour/"
    said = {"state": asked["state"]}
    assert not relying_party.finish_sign_out(said, browser=b"another one", now=timezone.now())
    assert not relying_party.finish_sign_out({}, browser=HERE, now=timezone.now())
    assert relying_party.finish_sign_out(said, browser=HERE, now=timezone.now())
    assert not relying_party.finish_sign_out(said, browser=HERE, now=timezone.now())


def test_signing_out_goes_nowhere_when_franceconnect_is_not_known(simulator):
    """FS 17: the caller has signed the member out here already."""
    simulator.turn(failing_endpoint="discovery")
    assert relying_party.begin_sign_out("a.b.c", browser=HERE, now=timezone.now()) == ""
    assert relying_party.begin_sign_out("", browser=HERE, now=timezone.now()) == ""
    assert not RoundTrip.objects.exists()


def test_a_state_serves_the_way_it_was_made_for(simulator):
    """FS 3, FS 17: signing in is no way to sign out, nor the other way round."""
    arrival = come_back(simulator.walk(leave()))
    out = asked_in(relying_party.begin_sign_out(arrival.id_token, browser=HERE, now=timezone.now()))
    back = f"?state={out['state']}&code=a&iss={simulator.issuer}"
    assert problem_of(back).slug == "demande-inconnue"
    in_ = asked_in(leave())
    assert not relying_party.finish_sign_out({"state": in_["state"]}, browser=HERE, now=timezone.now())
