"""Signing out: here first, then at FranceConnect; what happens when that fails (FS 17, FS 21, C13)."""

import pytest

from accounts.models import Entry, Event
from franceconnect.client import availability
from franceconnect.models import RoundTrip
from tests.franceconnect.client.traveller import Traveller, local
from tests.members import GARCIN, OWN_PASSWORD
from tests.personas import persona

pytestmark = pytest.mark.django_db
BACK = "/franceconnect/deconnexion/retour/"


@pytest.fixture
def garcin(simulator) -> Traveller:
    persona("garcin")
    return Traveller(simulator, "garcin").arrive().press("Se connecter", nir=GARCIN)


def press_sign_out(caller: Traveller):
    """The answer to « Se déconnecter », not followed."""
    form = next(form for form in caller.page.forms if form.action == "/deconnexion/")
    return caller.client.post("/deconnexion/", form.values)


def test_both_sessions_end(garcin):
    """FS 17: fresh state, id_token_hint, our registered address; the page says so."""
    garcin.press("Se déconnecter")
    assert garcin.path == "/franceconnect/deconnexion/terminee/"
    garcin.sees("Vous êtes déconnecté de Mon espace privé et de FranceConnect")
    assert not garcin.is_in
    assert "id_token_hint=" in garcin.went[-1]
    assert "state=" in garcin.went[-1]
    assert Entry.objects.filter(event=Event.FRANCECONNECT_SIGNED_OUT).count() == 1


def test_it_ends_here_before_anything_is_asked_of_franceconnect(garcin):
    """FS 17: who closes the browser at FranceConnect is signed out here."""
    answer = press_sign_out(garcin)
    assert answer["Location"].startswith(garcin.simulator.issuer)
    assert not garcin.is_in


def test_when_franceconnect_cannot_be_had_the_page_says_what_is_still_open(garcin, settings):
    """FS 17: signed out here; 30 minutes, close the browser."""
    settings.FRANCECONNECT_ISSUER = ""
    garcin.press("Se déconnecter")
    assert garcin.path == BACK
    garcin.sees("Vous êtes déconnecté de Mon espace privé", "peut-être encore ouverte", "fermez le navigateur")
    assert not garcin.is_in


def test_a_callback_that_nobody_left_for_promises_nothing(garcin):
    """FS 17: a forged state, and a state of another browser."""
    there = press_sign_out(garcin)["Location"]
    back = local(garcin.back_from(there))
    stranger = Traveller(garcin.simulator)
    assert stranger.visit(back).path == BACK
    stranger.sees("peut-être encore ouverte")
    assert garcin.visit(f"{BACK}?state=" + "0" * 64).path == BACK
    assert not Entry.objects.filter(event=Event.FRANCECONNECT_SIGNED_OUT).exists()
    assert garcin.visit(back).path == "/franceconnect/deconnexion/terminee/"
    assert garcin.visit(back).path == BACK


def test_a_session_by_password_goes_nowhere_else(simulator):
    """C13: as before."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    caller.press("Se déconnecter")
    assert caller.path == "/au-revoir/"
    assert caller.went == []
    assert not RoundTrip.objects.exists()


def test_nobody_signs_a_member_out_by_a_link(garcin):
    """C13: GET asks, the callback ends nothing."""
    garcin.visit("/deconnexion/")
    garcin.visit(BACK)
    assert garcin.is_in


def test_nobody_is_led_to_a_franceconnect_that_does_not_answer(garcin):
    """FS 17: known to be down, it is left alone; the page says what may still be open."""
    availability.note_failure()
    before = len(garcin.went)
    garcin.visit("/mon-espace/").press("Se déconnecter")
    assert len(garcin.went) == before
    assert not garcin.is_in
    garcin.sees("30 minutes")
