"""A department from the request to the space, member and agents at their screens (issue 5; G07, H01 to H10, R11)."""

import pytest
from playwright.sync_api import Page, expect

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Entry, Event
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.browser import states
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk
from tests.browser.journeys import Hand
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, persona
from tests.departments import AIN, code_of

pytestmark = pytest.mark.browser
NEXT_PASSWORD = "Verger+Tranquille7"  # noqa: S105
REQUESTS = "/support/enrolment/departmentrequest/"


def ask(page: Page) -> DepartmentRequest:
    """G07, H02 to H08: from Mon compte to the acknowledgement."""
    hand = Hand(page)
    page.goto("/connexion/")
    hand.sign_in(persona("keller").nir.number, PASSWORD)
    page.goto("/mon-compte/")
    hand.follow("M'inscrire dans un autre département ou compléter mon inscription")
    hand.sees("Complément d'inscription", "N'hésitez pas à consulter le mode d'emploi")
    hand.follow("Inscrivez-vous aux services sécurisés d'une autre MSA (tout public)")
    hand.sees("Choix d'un département d'inscription", "Les champs suivis du symbole * sont obligatoires.")
    page.get_by_label("Département").select_option("01-Ain")
    hand.press("Valider")
    asked = DepartmentRequest.objects.get()
    hand.sees("Accusé de réception", "Votre demande a bien été prise en compte.", asked.reference)
    return asked


def turned_away(page: Page, asked: DepartmentRequest) -> None:
    """An agent of Provence: neither in the list, nor by its address, nor by a form sent there."""
    desk, elsewhere = Desk(page), an_agent(caisse="13")
    desk.come_in(elsewhere)
    page.goto(REQUESTS)
    desk.does_not_see(asked.reference)
    page.goto(f"{REQUESTS}?q={asked.reference}")
    expect(page.locator("#result_list")).to_have_count(0)
    desk.is_refused(f"{REQUESTS}{asked.pk}/change/", f"{REQUESTS}?department={AIN}")
    noted = Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=elsewhere.pk)
    assert noted.count() == 2


def accept(page: Page, asked: DepartmentRequest) -> None:
    """An agent of that caisse, from the count on the home page."""
    desk = Desk(page)
    desk.come_in(an_agent(caisse=DEPARTMENTS[AIN].caisse.code))
    page.get_by_role("link", name="Demandes de départements").first.click()
    desk.follow(asked.reference)
    desk.sees("01-Ain", "67-Bas-Rhin")
    desk.press("Accepter")
    desk.sees("C'est accepté")
    desk.does_not_see(asked.reference)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_asked_accepted_received_typed_personalised_and_seen(new_window: NewWindow, portal: str, script: bool) -> None:
    """The code is read in the letter before it is printed: nothing else has it."""
    settled(states.with_own_password("keller", PASSWORD))
    page = new_window(java_script_enabled=script)[1]
    asked = ask(page)
    turned_away(new_window(java_script_enabled=script)[1], asked)
    accept(new_window(java_script_enabled=script)[1], asked)
    hand, code = Hand(page), code_of(asked)
    page.goto("/mon-compte/complement-inscription/")
    hand.sees("Complément d'inscription", "Demande acceptée", "Courrier avec votre code en préparation")
    page.goto("/mon-compte/consultations/")
    expect(page.get_by_text("Un conseiller de la MSA Ain-Rhône")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.goto("/connexion/")
    hand.sign_in(persona("keller").nir.number, code)
    hand.personalise(NEXT_PASSWORD)
    page.goto("/mon-espace/")
    expect(page.get_by_text("01-Ain").first).to_be_visible()
    page.goto("/mon-compte/complement-inscription/")
    hand.sees("Complément d'inscription", "Département ouvert", "MSA Ain-Rhône")
