"""The simulated FranceConnect's pages for everybody: axe, targets, narrow windows, large text (R22, I03 to I10)."""

import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import axe, breakable, sideways, small_targets
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.simulator import CLIENT_ID, Simulator

pytestmark = pytest.mark.browser
NARROWEST = 320


@pytest.fixture
def page(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    """A phone without script: none of these pages has any. What a page may not do fails the test."""
    context, opened, faults = window(browser, simulator.url, width=PHONE)
    yield opened
    context.close()
    assert faults.seen == []


def audited(page: Page, name: str) -> list[str]:
    found = []
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        found += [*axe(page), *small_targets(page), *breakable(page)]
        page.emulate_media(color_scheme="dark")
        found += axe(page, only_colours=True)
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    found += sideways(page, NARROWEST)
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    found += [f"text at 200 %, {each}" for each in sideways(page, NARROWEST)]
    page.set_viewport_size({"width": PHONE, "height": 740})
    return [f"{name}: {each}" for each in dict.fromkeys(found)]


def arrive(page: Page, settings: Any, **parameters: str) -> None:
    asked = {
        "client_id": CLIENT_ID, "redirect_uri": f"{settings.BASE_URL}/franceconnect/retour/", "response_type": "code",
        "acr_values": "eidas1", "scope": "openid identite_pivot preferred_username email",
        "state": secrets.token_hex(32), "nonce": secrets.token_hex(32),
    }  # fmt: skip
    page.goto(f"/api/v2/authorize?{urlencode({**asked, **parameters})}")


def be(page: Page, citizen: str) -> None:
    page.check(f"[name=citizen][value={citizen}]")
    page.get_by_role("button", name="Continuer").click()


@pytest.mark.parametrize("path", ["/", "/citoyens/", "/reglages/", "/donnees-personnelles/", "/nowhere/"])
def test_what_stands_beside_the_way_is_accessible(page, path):
    page.goto(path)
    assert audited(page, path) == []


def test_every_page_on_the_way_is_accessible(page, settings):
    """I03, I06, I08: chosen, played, welcomed."""
    arrive(page, settings)
    faults = audited(page, "choice of an account")
    page.get_by_role("button", name="YRIS").click()
    faults += audited(page, "demonstration provider")
    be(page, "longue")
    faults += audited(page, "welcome")
    page.get_by_text("Afficher le détail des données").click()
    faults += audited(page, "welcome, what is shared")
    assert page.get_by_text("Nom d'usage").is_visible()
    assert faults == []


def test_every_page_where_it_ends_is_accessible(page, settings, simulator):
    """A5 to A8."""
    arrive(page, settings)
    page.check("[name=remember]")
    page.get_by_role("button", name="Poste").click()
    be(page, "moreau")
    faults = audited(page, "refused by the register")
    arrive(page, settings)
    faults += audited(page, "remembered account")
    page.get_by_role("button", name="Poste").click()
    be(page, "sans-email")
    faults += audited(page, "refused by the hub")
    simulator.turn(suspicious=True, disabled_providers="yris", spoil="tampered_userinfo")
    page.get_by_role("link", name="Choisir un autre compte").click()
    faults += audited(page, "greyed accounts")
    page.get_by_role("button", name="Poste").click()
    page.get_by_role("button", name="Revenir à FranceConnect").click()
    faults += audited(page, "back from a provider")
    assert page.get_by_role("alert").is_visible()
    page.goto("/reglages/")
    faults += audited(page, "turned knobs")
    assert faults == []


def test_the_way_can_be_walked_by_keyboard(page, settings):
    """R22: an account, a person, « Bienvenue »; Enter on a box or in the list does what stands there to be done."""
    arrive(page, settings)
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/api/v2/interaction/*tous=*")
    assert page.get_by_role("checkbox").is_checked()
    page.get_by_role("button", name="impots").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bienvenue Fritz").wait_for()
    assert page.url.endswith("/consent")


def test_what_has_the_focus_stands_free_of_what_sticks(page, settings):
    """WCAG 2.4.11: the button that stays in sight hides no person."""
    arrive(page, settings)
    page.get_by_role("button", name="impots").click()
    page.get_by_role("radio").first.focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        box = page.evaluate("() => document.activeElement.getBoundingClientRect().bottom")
        bar = page.evaluate("() => document.querySelector('.actions--sticky').getBoundingClientRect().top")
        assert box <= bar


@pytest.mark.parametrize(("slug", "name"), [("mes-droits-sociaux", "Mes droits sociaux"), ("info-retraite", "Info")])
def test_the_services_are_accessible_at_every_step(page, simulator, slug, name):
    """J12 to J14, I17: before, what was received, after, and what was refused."""
    home = f"/services/{slug}/"
    page.goto(home)
    faults = audited(page, f"{name}, nobody")
    page.get_by_role("link", name="S'identifier avec").click()
    page.get_by_role("button", name="impots").click()
    be(page, "longue")
    page.get_by_role("button", name="Continuer sur").click()
    page.wait_for_url(f"**{home}")
    assert page.get_by_text("Ce que nous avons reçu").first.is_visible()
    faults += audited(page, f"{name}, somebody")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"**{home}**")
    page.get_by_role("heading", name="Vous êtes déconnecté").wait_for()
    faults += audited(page, f"{name}, goodbye")
    simulator.turn(error="server_error")
    page.goto(f"{home}connexion/")
    page.wait_for_url(f"**{home}**")
    faults += audited(page, f"{name}, refused")
    assert faults == []
