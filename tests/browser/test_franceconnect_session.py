"""A session by FranceConnect in a real browser: its policy lets « Se déconnecter » lead there (FS 17, FS 18, FS 20)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import axe, breakable, sideways, small_targets
from tests.browser.chromium import DESKTOP, PHONE
from tests.members import LAMY, NEXT_PASSWORD
from tests.simulator import Simulator
from tests.stories.registering import FINISH

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, portal: str, simulator: Simulator, settings: Any) -> Iterator[Page]:
    """A phone. What a page's policy forbids is said in its console, and fails the test."""
    settings.BASE_URL = portal
    simulator.turn(portal_url=portal)
    refused: list[str] = []
    context = browser.new_context(base_url=portal, viewport={"width": PHONE, "height": 740}, locale="fr-FR")
    context.set_default_timeout(10_000)
    context.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    yield context.new_page()
    context.close()
    assert refused == []


def through_franceconnect(page: Page, citizen: str) -> None:
    """The hub's own pages, as somebody reads them."""
    page.locator("button[value=impots]").click()
    page.check(f"[name=citizen][value={citizen}]")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer sur").click()


def audited(page: Page) -> list[str]:
    found = []
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        found += [*axe(page), *small_targets(page), *breakable(page)]
    page.set_viewport_size({"width": 320, "height": 900})
    found += sideways(page, 320)
    page.set_viewport_size({"width": PHONE, "height": 740})
    return [f"{page.url}: {each}" for each in dict.fromkeys(found)]


def test_from_the_first_number_to_the_last_goodbye(page: Page) -> None:
    """I02, I11, B29, I14, FS 17: registered, a password chosen while dissociating, signed out."""
    page.goto("/connexion/")
    page.get_by_role("link", name="S'identifier avec FranceConnect").click()
    through_franceconnect(page, "lamy")
    found = audited(page)
    page.get_by_label("Votre numéro de sécurité sociale").fill(LAMY)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    found += audited(page)
    page.get_by_role("button", name=FINISH).click()
    page.wait_for_url("**/mon-espace/")
    page.goto("/mon-compte/")
    found += audited(page)
    page.get_by_role("link", name="dissocier mon compte FranceConnect").click()
    found += audited(page)
    page.locator("[name=new_password1]").fill(NEXT_PASSWORD)
    page.locator("[name=new_password2]").fill(NEXT_PASSWORD)
    page.get_by_role("button", name="Dissocier mon compte FranceConnect").click()
    page.wait_for_url("**/mon-compte/")
    page.get_by_text("n'est plus associé avec votre compte FranceConnect").wait_for()
    page.get_by_role("link", name="associer mon compte FranceConnect").click()
    found += audited(page)
    page.get_by_label("Votre mot de passe actuel").fill(NEXT_PASSWORD)
    page.get_by_role("button", name="Continuer vers FranceConnect").click()
    through_franceconnect(page, "lamy")
    page.get_by_text("Votre compte MSA est associé avec votre compte FranceConnect").wait_for()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/franceconnect/deconnexion/terminee/")
    found += audited(page)
    assert found == []


def test_a_wrong_number_and_an_old_page_show_the_way_on(page: Page) -> None:
    """I11, R22."""
    page.goto("/franceconnect/identifiant/")
    found = audited(page)
    page.get_by_role("link", name="Recommencer avec FranceConnect").click()
    through_franceconnect(page, "lamy")
    page.get_by_label("Votre numéro de sécurité sociale").fill("2720367582905")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_text("ne vont pas ensemble").first.wait_for()
    found += audited(page)
    page.goto("/franceconnect/deconnexion/retour/")
    found += audited(page)
    assert found == []
