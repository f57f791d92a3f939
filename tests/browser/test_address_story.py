"""A member moves: asked in Mon compte, decided at the desk, the answer read (issue 5, Support desk 5; G03, R16)."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AddressChange
from tests.agents import an_agent
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.desk import at_desk
from tests.browser.journeys import Hand
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser


def ask(page: Page) -> None:
    hand = Hand(page)
    page.goto("/mon-compte/")
    hand.follow("modifier cette adresse")
    hand.sees("Mon compte", "Votre MSA vérifie la nouvelle adresse avant de l'utiliser.")
    for name, text in {"address": "3 impasse du Moulin", "postcode": "67100", "city": "Strasbourg"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=password]").fill(PASSWORD)
    hand.press("Envoyer ma demande")
    hand.sees("Mon compte", "3 impasse du Moulin, 67100", "en attente")


def test_refused_for_want_of_a_paper_then_accepted(new_window: NewWindow, portal: str) -> None:
    """The agent compares both addresses; the member reads why, asks again, and sees who looked at their file."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    context, page, _faults = new_window()
    carry(context, portal, signed_in(account))
    ask(page)
    desk = at_desk(new_window, an_agent())
    desk.open_list("Changements d'adresse")
    desk.does_not_see("LAMY", "impasse du Moulin")
    row = desk.page.locator("#result_list a").first.inner_text()
    desk.choose_row(row)
    desk.sees("LAMY", "3 impasse du Moulin, 67100 Strasbourg")
    desk.decide("Refuser", "Un justificatif de domicile est nécessaire")
    desk.sees("C'est refusé : l'adhérent lit pourquoi, et qui appeler.", "Rien à afficher ici")
    assert "justificatif de domicile" in last_mail_to(account.email or "")
    ask(page)
    desk.open_list("Changements d'adresse")
    desk.choose_row(row)
    desk.decide("Accepter")
    desk.sees("C'est accepté : l'adhérent en est prévenu.")
    assert "a accepté votre changement d'adresse" in last_mail_to(account.email or "")
    page.goto("/mon-compte/")
    expect(page.get_by_text("en attente")).to_have_count(0)
    Hand(page).follow("voir les consultations de mon dossier")
    expect(page.get_by_text("Un conseiller de la MSA Alsace").first).to_be_visible()
    assert list(AddressChange.objects.order_by("created_at").values_list("accepted", flat=True)) == [False, True]
