"""« Quel est ce code ? »: what callers read out, where they have found it (issue 5, Support desk 6; J16, FS 6, R20)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from franceconnect import notices
from tests.agents import an_agent
from tests.browser import states
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk, at_desk
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD
from tests.simulator import Simulator
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser


def look_up(desk: Desk, read: str) -> None:
    """From the home page, as a caller reads it."""
    desk.page.goto("/support/")
    desk.follow("Que veut dire ce code")
    desk.page.get_by_label("Code ou référence").fill(read)
    desk.press("Chercher")
    expect(desk.page.get_by_role("heading", level=2).first).to_have_text(f"« {read} »")


def on_the_page(page: Page) -> str:
    return page.locator(".reference .figures").first.inner_text()


def test_a_refusal_of_franceconnect(
    at_a_desktop: Page, new_window: NewWindow, portal: str, simulator: Simulator
) -> None:
    """Y… and the E… of before: the cause and what to say; the page's reference: the line of the journal."""
    page = at_a_desktop
    simulator.turn(error="access_denied", error_description="refused (Y010008)")
    page.goto("/connexion/")
    page.get_by_role("link", name="S'identifier avec FranceConnect", exact=True).click()
    page.wait_for_url("**/franceconnect/probleme/**")
    reference, code = (page.locator(".reference .figures").nth(each).inner_text() for each in (0, 1))
    assert code == "Y010008"
    desk = at_desk(new_window, an_agent())
    for read in (code, "e010008"):
        look_up(desk, read)
        desk.sees("Code de FranceConnect", "Cause", "RNIPP", "À dire à l'appelant")
    look_up(desk, reference)
    desk.sees("Référence d'une page", "Dans le journal", "ligne")


def test_the_identification_code_of_a_mail(new_window: NewWindow, portal: str) -> None:
    """J16: which sign-in it was, and on to the file of whoever received it, where a reason is asked."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    notices.signed_in(account, family="Firefox", now=timezone.now())
    mail = last_mail_to(account.email or "")
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", mail, re.MULTILINE)
    assert found, mail
    desk = at_desk(new_window, an_agent())
    look_up(desk, found[1])
    desk.sees("Code d'identification d'une connexion avec FranceConnect", "Ce n'est pas moi", "Dans le journal")
    desk.does_not_see("LAMY")
    desk.follow("Ouvrir le dossier de l'adhérent")
    desk.sees("Motif")
    desk.does_not_see("LAMY")
    elsewhere = at_desk(new_window, an_agent(caisse="13"))
    look_up(elsewhere, found[1])
    elsewhere.sees("Ce code ne correspond à rien que votre caisse connaisse.", "l'assistance nationale")


def test_the_reference_of_an_error_page(new_window: NewWindow, portal: str) -> None:
    """One that refused wrote no line, and neither did one that broke: the agent has words, and somebody to ask."""
    page = new_window()[1]
    desk = at_desk(new_window, an_agent())
    for place in ("/panne/500/", "/panne/403/"):
        page.goto(place)
        look_up(desk, on_the_page(page))
        desk.sees("Référence d'une page", "Aucune ligne du journal", "À dire à l'appelant", "l'exploitant")
