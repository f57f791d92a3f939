"""A letter that the post brings back, from the registration to the next letter (issue 5, Letters; B21, R5, R7, R13)."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import outbox, public_codes, throttling
from accounts.letters.text import compose
from accounts.models import BadAddress, Code, Letter, LetterBatch, Member, Role, login_of_nir
from tests.agents import an_agent
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk, at_desk
from tests.browser.journeys import Hand
from tests.browser.states import persona
from tests.letters import worker_here

__all__ = ["worker_here"]
pytestmark = pytest.mark.browser
LAMY = persona("lamy")


def register_by_post(page: Page) -> Letter:
    """B19, B21: neither card nor amount."""
    hand = Hand(page)
    hand.open_registration()
    hand.say_who(LAMY)
    hand.choose("Oui")
    hand.choose("avec photo")
    hand.press("Je n'arrive pas à lire ce numéro")
    hand.press("Je ne connais aucun montant")
    hand.finish()
    return newest_letter()


def newest_letter() -> Letter:
    """What is decided beside the requests, by a worker that this portal does not have."""
    while outbox.sweep(now=timezone.now()):
        pass
    return Letter.objects.latest("created_at")


def print_and_post(desk: Desk, folder: Path) -> None:
    """The lead of the caisse, in the morning and when the print shop's van has gone."""
    desk.open_list("Lots de courriers")
    desk.press("Composer les lots")
    desk.sees("C'est demandé", "Aucun courrier n'attend d'être imprimé.")
    assert len(list(folder.glob("*.pdf"))) == 1
    desk.page.locator("#result_list th a").first.click()
    desk.sees("MSA Alsace", next(folder.glob("*.pdf")).name)
    desk.press("Noter que La Poste l'a")
    desk.sees("C'est noté")


def note_returned(desk: Desk, letter: Letter) -> None:
    """The code is on the paper: nothing else is asked, and no name is shown."""
    desk.page.goto("/support/")
    desk.follow("Courriers revenus")
    desk.page.get_by_label("Codes de vérification").fill(f"{public_codes.shown(letter.public_code)}\nabc")
    desk.press("Noter comme revenus")
    desk.sees("Courriers notés", "Ligne illisible")
    desk.does_not_see(LAMY.birth_name)
    expect(desk.page.get_by_label("Codes de vérification")).to_have_value("abc")


def ask_again(page: Page) -> None:
    """D09: the page says the same to everybody, what to do when nothing comes included."""
    hand = Hand(page)
    page.goto("/connexion/")
    page.locator("main").get_by_role("link", name="oublié").first.click()
    hand.type("Identifiant", LAMY.nir.number)
    hand.press("Continuer")
    hand.sees("Votre demande est enregistrée", "Rien n'arrive ?", "appelez-nous")


def a_day_passes() -> None:
    """R13: one letter with a secret a day; what is tried here is the address."""
    throttling.forgive((throttling.SECRET_LETTER_DAY, login_of_nir(LAMY.nir.number).hex()))


def clear_the_address(desk: Desk) -> None:
    desk.open_list("Adresses à vérifier")
    desk.page.locator("#result_list th a, #result_list td a").first.click()
    desk.open_row()
    desk.sees(LAMY.birth_name)
    desk.decide("L'adresse est bonne", "L'adhérent confirme cette adresse")
    desk.sees("L'adresse sert de nouveau")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_letter_comes_back_and_the_next_one_opens(
    new_window: NewWindow, settings: Any, tmp_path: Path, worker_here: None, script: bool
) -> None:
    """The agent notes it by its code; nothing leaves for that address until somebody has made sure of it."""
    folder = settings.LETTERS_DIR = tmp_path / "courriers"
    page = new_window(java_script_enabled=script)[1]
    hand, lost = Hand(page), register_by_post(page)
    password = compose(lost).secret
    print_and_post(at_desk(new_window, an_agent(Role.LEAD), java_script_enabled=script), folder)
    desk = at_desk(new_window, an_agent(), java_script_enabled=script)
    note_returned(desk, lost)
    # Whoever found the envelope has nothing, and is told what any wrong password is told.
    page.goto("/connexion/")
    hand.sign_in(LAMY.nir.number, password)
    expect(page.locator("main")).to_contain_text("ne correspond pas")
    a_day_passes()
    ask_again(page)
    assert newest_letter() == lost
    assert not Code.objects.filter(purpose=Code.Purpose.TEMPORARY_PASSWORD, created_at__gt=lost.created_at).exists()
    clear_the_address(desk)
    assert not BadAddress.objects.filter(cleared_at=None).exists()
    ask_again(page)
    found = newest_letter()
    assert found != lost
    assert found.member == Member.objects.get(nir_fingerprint=login_of_nir(LAMY.nir.number))
    page.goto("/connexion/")
    hand.sign_in(LAMY.nir.number, compose(found).secret)
    hand.personalise()
    assert LetterBatch.objects.count() == 1
