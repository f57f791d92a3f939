"""Back, reload, two tabs, double clicks, addresses typed by hand, hours away: the journey holds (B07, B09, R16)."""

from datetime import timedelta

import pytest

from accounts.models import Account, Email, Event, Letter
from enrolment.models import Enrolment
from tests.personas import persona
from tests.stories.caller import Caller
from tests.stories.registering import FINISH, Registrant, registrant
from tests.stories.traces import happened, nothing_leaves

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


def other_tab(caller: Registrant) -> Registrant:
    """The same browser, another page."""
    tab = Registrant(caller.answers)
    tab.client = caller.client
    return tab


def test_an_existing_account_is_told_and_leads_to_the_sign_in_with_the_number_filled_in():
    """B09, R6: « Un compte existe déjà pour », the number typed, one way to sign in; journaled."""
    loic, known = registrant("garcin")
    loic.until("compte-existant", nir=known.nir.number + known.nir.key).sees(
        "Un compte existe déjà pour", known.nir.grouped
    )
    loic.follow("Se connecter pour accéder à ce Compte")
    assert loic.path == "/connexion/"
    assert known.nir.number in [form.values.get("login_id", "").replace(" ", "") for form in loic.page.forms]
    assert len(happened(Event.REGISTRATION_EXISTING_SHOWN)) == 1
    assert known.nir.number not in loic.client.cookies.output()


def test_an_existing_account_cannot_be_passed():
    """B09: nothing beyond this page opens, and the number can be corrected."""
    loic, _ = registrant("garcin")
    loic.until("compte-existant")
    for slug in ("munissez-vous", "coordonnees", "conditions"):
        assert loic.visit(f"/inscription/{slug}/").slug == "compte-existant"
    persona("lamy")
    loic.follow("Corriger le numéro").answer(nir="1630967482229")
    assert loic.slug == "munissez-vous"


@pytest.mark.parametrize(
    "slug", ["munissez-vous", "coordonnees", "affiliation", "paiement", "mot-de-passe", "conditions", "terminee"]
)
def test_an_address_typed_by_hand_leads_to_where_the_caller_stands(slug):
    """B28: no page ahead opens."""
    assert Caller().visit(f"/inscription/{slug}/").path == "/inscription/profil/"
    fritz, _ = registrant("lamy")
    fritz.until("identifiant")
    assert fritz.visit(f"/inscription/{slug}/").slug == "identifiant"


def test_an_unknown_step_is_a_page_that_was_not_found():
    assert Caller().visit("/inscription/etape-secrete/").response.status_code == 404


def test_a_page_can_be_reloaded_and_shows_what_was_answered():
    """B07: GET changes nothing."""
    fritz, _ = registrant("lamy")
    fritz.until("affiliation").answer()
    before = Enrolment.objects.get().answers
    for slug in ("profil", "identifiant", "coordonnees", "affiliation", "carte-vitale"):
        fritz.visit(f"/inscription/{slug}/")
        assert fritz.slug == slug
    assert Enrolment.objects.get().answers == before


def test_the_entry_leads_back_to_where_the_caller_stands_hours_later(held_clock):
    """R16: 24 hours to finish, with the same browser."""
    fritz, _ = registrant("lamy")
    fritz.until("carte-vitale").sees("Vos réponses sont gardées jusqu'au 3 mars 2026")
    held_clock.shift(timedelta(hours=23, minutes=50))
    fritz.visit("/").follow("S'inscrire")
    assert fritz.slug == "carte-vitale"
    fritz.finish().sees("email de confirmation")


@pytest.mark.parametrize("away", [timedelta(hours=24, seconds=1), timedelta(days=3)])
def test_an_expired_journey_says_so_and_starts_again(held_clock, away):
    """R16: the answer of a page that stayed open; nothing is taken, nothing leaves."""
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    held_clock.shift(away)
    fritz.answer().sees("Votre inscription a expiré", "nous avons effacé vos réponses")
    assert fritz.response.status_code == 410
    assert nothing_leaves()
    fritz.follow("Recommencer mon inscription")
    assert fritz.slug == "profil"
    fritz.finish().sees("email de confirmation")


def test_an_expired_journey_is_nobodys_and_is_purged(held_clock):
    """R16."""
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    held_clock.shift(timedelta(hours=24, seconds=1))
    assert fritz.visit("/inscription/conditions/").slug in ("profil", "conditions")
    fritz.does_not_see("fritz.lamy@example.org", "Finaliser")


@pytest.mark.sqlite
def test_abandoning_asks_first_then_keeps_nothing():
    """B04, B07: « Abandonner »."""
    fritz, _ = registrant("lamy")
    fritz.until("carte-vitale").follow("Abandonner").sees("Abandonner l'inscription ?")
    fritz.follow("Continuer mon inscription")
    assert fritz.slug == "carte-vitale"
    fritz.follow("Abandonner").press("Abandonner").sees("Votre inscription est abandonnée. Vos réponses sont effacées.")
    assert fritz.path == "/"
    assert not Enrolment.objects.exists()
    assert happened(Event.REGISTRATION_ABANDONED)
    assert fritz.visit("/inscription/carte-vitale/").slug == "profil"


def test_what_is_finished_cannot_be_abandoned():
    """B07: an old tab does not say that nothing was kept when an account was opened."""
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    tab = other_tab(fritz).visit("/inscription/abandonner/")
    fritz.answer()
    tab.press("Abandonner").sees("Inscription terminée").does_not_see("abandonnée")


@pytest.mark.sqlite
def test_the_last_click_pressed_twice_makes_one_account_and_one_mail():
    """B24, R23: both clicks lead to the same page."""
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    tab = other_tab(fritz).visit("/inscription/conditions/")
    fritz.press(FINISH).sees("Inscription terminée")
    tab.press(FINISH).sees("Inscription terminée")
    tab.visit("/inscription/conditions/").sees("Inscription terminée")
    assert Account.objects.count() == 1
    assert [email.kind for email in Email.objects.all()] == ["temporary_password"]
    assert Letter.objects.count() == 1


def test_every_page_of_a_finished_journey_leads_to_its_end():
    """B25: back button and reload after the end; a new registration can begin."""
    fritz, _ = registrant("lamy")
    fritz.finish()
    for slug in ("profil", "numero-de-serie", "conditions", "terminee", "abandonner"):
        fritz.visit(f"/inscription/{slug}/").sees("Inscription terminée")
    kept = Enrolment.objects.get().answers
    assert set(kept) == {"fin"}
    assert "birth_date" not in str(kept)
    assert fritz.visit("/inscription/").slug == "profil"


def test_after_the_end_the_sign_in_page_knows_the_number():
    """B26: « Se connecter à Mon espace privé »."""
    fritz, known = registrant("lamy")
    fritz.finish().follow("Se connecter à Mon espace privé")
    assert any(known.nir.number in form.values.get("login_id", "").replace(" ", "") for form in fritz.page.forms)


def test_a_second_registration_of_the_same_person_in_another_browser_meets_the_account():
    """B09: the first one to finish wins, the other one is told, having proven who they are."""
    first, _ = registrant("lamy")
    first.until("conditions")
    second, _ = registrant("lamy", address="198.51.100.7")
    second.until("conditions")
    first.answer()
    second.answer().sees("Un compte existe déjà")
    assert Account.objects.count() == 1
    assert Email.objects.exclude(kind="registration_by_post").count() == 1


def test_who_proved_nothing_is_not_told_of_the_account_that_was_opened_meanwhile():
    """R5, R6: by post, the page is the one that everybody reads."""
    stranger, _ = registrant("lamy", health_cover="no")
    stranger.until("paiement").press("écrivez-moi par courrier")
    stranger.until("conditions")
    first, _ = registrant("lamy", address="198.51.100.7")
    first.finish()
    stranger.answer().sees("Si vous êtes adhérent").does_not_see("existe déjà")
    assert not Letter.objects.filter(kind="temporary_password").exists()


def test_two_tabs_share_one_journey():
    """B07: each tab goes on from what the other one answered."""
    fritz, _ = registrant("lamy")
    fritz.until("coordonnees")
    tab = other_tab(fritz).visit("/inscription/coordonnees/")
    fritz.answer(email="first@example.org")
    tab.answer(email="second@example.org")
    assert Enrolment.objects.count() == 1
    tab.until("mot-de-passe").sees("second@example.org")


def test_two_first_pages_open_at_once_make_one_journey_that_goes_on():
    """B02: both tabs were opened before anything was answered."""
    fritz, _ = registrant("lamy")
    fritz.start()
    tab = other_tab(fritz).start()
    fritz.answer()
    tab.answer(profile="farmer")
    assert Enrolment.objects.count() == 1
    assert fritz.finish().response.status_code == 200


CHANGES = {
    "the number": ("identifiant", {"nir": "1530101004901"}),
    "the name": ("coordonnees", {"birth_name": "PERRIN"}),
    "the birth date": ("coordonnees", {"birth_date": "19/01/1953"}),
    "the address": ("coordonnees", {"email": "somebody.else@example.org"}),
    "the profile": ("profil", {"profile": "farmer"}),
    "the cover": ("affiliation", {"health_cover": "no"}),
    "the card": ("carte-vitale", {"card_kind": "none"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_earlier_answer_that_changes_makes_the_proof_be_asked_again(change):
    """B22, R5: above all the number: who proved one identity has not proven another."""
    slug, typed = CHANGES[change]
    persona("perrin")
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    fritz.visit(f"/inscription/{slug}/").answer(**typed)
    landed = fritz.visit("/inscription/conditions/").slug
    assert landed in ("numero-de-serie", "paiement")
    fritz.does_not_see("Votre identité est vérifiée.")


@pytest.mark.parametrize(
    "slug", ["profil", "identifiant", "coordonnees", "verification", "affiliation", "carte-vitale"]
)
def test_the_same_answer_given_again_keeps_the_proof(slug):
    """B07: going back to read is free."""
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    fritz.visit(f"/inscription/{slug}/").answer()
    assert fritz.visit("/inscription/conditions/").slug == "conditions"


def test_a_proven_page_can_be_passed_again_without_an_answer():
    """B07: « Votre identité est vérifiée », then « Suivant »."""
    fritz, _ = registrant("lamy")
    fritz.until("mot-de-passe").follow("Précédent").sees("Votre identité est vérifiée.").press("Suivant")
    assert fritz.slug == "mot-de-passe"


def test_a_number_changed_in_another_tab_is_not_proven_by_the_first_one_s_card():
    """R5: the serial is Fritz's; in another tab the number became somebody else's."""
    persona("perrin")
    fritz, _ = registrant("lamy")
    fritz.until("numero-de-serie")
    other_tab(fritz).visit("/inscription/identifiant/").answer(nir="1530101004901")
    fritz.answer()
    assert fritz.slug == "numero-de-serie"
    assert not any(value.get("proven") for value in Enrolment.objects.get().answers.values())


def test_a_member_who_is_signed_in_is_led_to_their_space():
    """B01: nobody registers twice."""
    fritz, known = registrant("lamy")
    fritz.finish()
    fritz.client.force_login(Account.objects.get())
    fritz.visit("/inscription/profil/")
    assert not fritz.path.startswith("/inscription/")
