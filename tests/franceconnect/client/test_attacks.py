"""Whatever comes back that FranceConnect did not mean for this browser signs nobody in (FS 3, FS 6 to FS 9, FS 15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Account, Entry
from accounts.throttling import TooManyAttempts
from franceconnect.client import availability
from franceconnect.models import Link, RoundTrip
from tests.franceconnect.client.voyage import ELSEWHERE, HERE, asked_in, come_back, journaled, leave, problem_of

pytestmark = pytest.mark.django_db

SPOILT = {
    "wrong_key": "reponse-non-fiable",
    "alg_none": "reponse-non-fiable",
    "alg_hs256": "reponse-non-fiable",
    "other_alg": "reponse-non-fiable",
    "wrong_nonce": "reponse-non-fiable",
    "wrong_audience": "reponse-non-fiable",
    "wrong_issuer": "reponse-non-fiable",
    "expired": "trop-tard",
    "low_acr": "niveau-insuffisant",
    "no_acr": "niveau-insuffisant",
    "other_subject": "reponse-non-fiable",
    "tampered_userinfo": "reponse-non-fiable",
    "userinfo_wrong_audience": "reponse-non-fiable",
    "no_family_name": "identite-incomplete",
    "no_birthplace": "identite-incomplete",
    "forged_iss": "retour-non-authentique",
    "no_iss": "retour-non-authentique",
    "expired_code": "trop-tard",
    "no_code": "reponse-inattendue",
}


@pytest.mark.parametrize(("spoil", "slug"), SPOILT.items(), ids=SPOILT)
def test_what_is_spoilt_brings_nobody(simulator, spoil, slug):
    """FS 6, FS 8, FS 9, FS 15, FS 24: each attack and breakdown of the simulator has its page; nothing is made."""
    simulator.turn(spoil=spoil)
    problem = problem_of(simulator.walk(leave()))
    assert problem.slug == slug
    assert journaled() == [{"slug": slug, "code": problem.code}]
    assert not Account.objects.exists()
    assert not Link.objects.exists()
    assert RoundTrip.objects.get().arrival is None
    assert not availability.is_down()


def test_a_code_that_is_over_says_so_with_franceconnect_s_code(simulator):
    """FS 7: a code is exchanged once, never tried again."""
    simulator.turn(spoil="expired_code")
    assert problem_of(simulator.walk(leave())).code == "Y049E20B"


def test_a_userinfo_that_is_not_signed_is_not_read(simulator):
    """FS 9: userinfo is a JWT, whatever is answered in its place."""
    simulator.turn(userinfo_format="json")
    assert problem_of(simulator.walk(leave())).slug == "reponse-inattendue"


def test_a_callback_serves_once(simulator):
    """FS 3: a second return, by another tab or a thief in the same browser."""
    callback = simulator.walk(leave())
    assert come_back(callback).identity
    assert problem_of(callback).slug == "demande-deja-utilisee"


def test_a_callback_in_another_browser_opens_nothing_and_spends_nothing(simulator):
    """FS 3: a link to a callback, sent to somebody, signs them in as nobody; who left can still arrive."""
    callback = simulator.walk(leave())
    assert problem_of(callback, browser=ELSEWHERE).slug == "autre-navigateur"
    assert RoundTrip.objects.get().returned_at is None
    assert come_back(callback).identity


def test_a_callback_that_is_late_opens_nothing(simulator):
    """FS 3: half an hour, no more."""
    callback = simulator.walk(leave())
    assert problem_of(callback, now=timezone.now() + timedelta(minutes=31)).slug == "demande-expiree"
    assert RoundTrip.objects.get().returned_at is None


def test_a_state_that_nobody_left_with_opens_nothing(simulator):
    """FS 3, FS 6: nor none at all."""
    callback = simulator.walk(leave())
    state = asked_in(callback)["state"]
    for other in (callback.replace(state, "0" * 64), callback.replace(state, ""), callback.replace(state, "é" * 64)):
        assert problem_of(other).slug == "demande-inconnue"
    simulator.turn(lose_state=True)
    assert problem_of(simulator.walk(leave())).slug == "demande-inconnue"
    assert not RoundTrip.objects.exclude(returned_at=None).exists()


def test_state_comes_first_then_the_issuer_then_the_error_then_the_code(simulator):
    """FS 6: each is looked at only when what stands before it is right."""
    issuer = simulator.issuer

    def back(**said: str) -> str:
        state = asked_in(leave())["state"]
        told = {"state": state, "iss": issuer, "error": "server_error", "code": "a"} | said
        return problem_of("?" + "&".join(f"{name}={value}" for name, value in told.items() if value)).slug

    assert back(state="0" * 64, iss="https://other.example") == "demande-inconnue"
    assert back(iss="https://other.example") == "retour-non-authentique"
    assert back(iss="") == "retour-non-authentique"
    assert back() == "panne"
    assert back(error="", code="") == "reponse-inattendue"
    assert back(error="", code="%0d%0aX") == "reponse-inattendue"
    # FranceConnect knows no such code.
    assert back(error="") == "trop-tard"


@pytest.mark.parametrize("name", ["state", "code", "iss"])
def test_nothing_is_told_twice(simulator, name):
    """FS 6: two values would be read one way by us and another way by whoever stands between."""
    callback = simulator.walk(leave())
    assert problem_of(f"{callback}&{name}=other").slug == "reponse-inattendue"
    assert RoundTrip.objects.get().returned_at is None
    assert come_back(callback).identity


def test_strange_returns_from_one_network_end_in_a_wait(settings):
    """R12: anybody may open this address; they do not fill the journal with it."""
    settings.FRANCECONNECT_ISSUER = "https://franceconnect.example/api/v2"
    settings.THROTTLES = {**settings.THROTTLES, "franceconnect_network": (3, 600, 60, 600)}
    for _ in range(3):
        assert problem_of(f"?state={'0' * 64}").slug == "demande-inconnue"
    lines = Entry.objects.count()
    with pytest.raises(TooManyAttempts):
        come_back(f"?state={'0' * 64}")
    assert Entry.objects.count() == lines


@pytest.mark.django_db(transaction=True)
def test_of_two_returns_at_once_one_arrives(simulator):
    """FS 3: one conditional UPDATE, not a look and then a step."""
    callback = simulator.walk(leave())

    def arrive(_: int) -> str:
        try:
            return come_back(callback).identity.family_name
        except Exception as refused:
            return getattr(refused, "slug", repr(refused))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as browsers:
        came = sorted(browsers.map(arrive, range(4)))
    assert came == ["ORSINI", *["demande-deja-utilisee"] * 3]


def test_our_secret_may_be_wrong(simulator, settings):
    """FS 6, B5: invalid_client, with FranceConnect's code, which agents can look up."""
    settings.FRANCECONNECT_CLIENT_SECRET = "another secret than the one that was agreed"
    problem = problem_of(simulator.walk(leave()))
    assert (problem.slug, problem.code) == ("secret-refuse", "Y0434A7B")


def test_the_browser_is_the_one_that_left_whatever_it_says(simulator):
    """FS 3: the mark of its cookie is in the row."""
    leave()
    assert bytes(RoundTrip.objects.get().browser) == HERE != ELSEWHERE
