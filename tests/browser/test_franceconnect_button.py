"""The button « S'identifier avec FranceConnect », drawn and reached with the keyboard (FS 19, B6, C08, C09)."""

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import NewWindow

pytestmark = pytest.mark.browser
NAME = "S'identifier avec FranceConnect"


def button(page: Page) -> Locator:
    return page.get_by_role("link", name=NAME, exact=True)


def size(page: Page) -> tuple[float, float]:
    box = button(page).bounding_box()
    assert box
    return box["height"], box["width"]


@pytest.mark.parametrize("path", ["/connexion/", "/inscription/profil/"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_it_is_never_smaller_than_it_must_be(new_window: NewWindow, path: str, width: int) -> None:
    """FS 19: 56 × 245 px, with the smallest text as well; one name, whatever its lines."""
    page = new_window(width=width)[1]
    page.goto(path)
    for text in ("100%", "112.5%", "200%"):
        page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", text)
        height, across = size(page)
        assert height >= 56
        assert across >= 245


def test_hover_and_focus_show(page: Page) -> None:
    """FS 19: another blue below the pointer, the outline of this house for the keyboard."""
    page.goto("/connexion/")
    colour = "each => getComputedStyle(each).backgroundColor"
    at_rest = button(page).evaluate(colour)
    button(page).hover()
    page.wait_for_function("([each, before]) => getComputedStyle(each).backgroundColor !== before", arg=[
        button(page).element_handle(), at_rest,
    ])  # fmt: skip
    page.get_by_role("link", name="J'ai oublié mon mot de passe").focus()
    page.keyboard.press("Tab")
    assert button(page).evaluate("each => each === document.activeElement")
    assert button(page).evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent").startswith("Qu'est-ce que FranceConnect")


def test_the_result_is_where_the_eye_falls_and_answers_stay(either_page: Page) -> None:
    """K06, R22: with and without script, the form leads to its result and keeps what was ticked."""
    either_page.goto("/franceconnect/quel-compte-choisir/")
    either_page.get_by_role("group", name="msa.fr").get_by_label("Oui").check()
    either_page.get_by_role("button", name="Voir les comptes").click()
    either_page.wait_for_url("**/quel-compte-choisir/?msa-affiliation=oui&resultat=1#resultat")
    assert either_page.get_by_role("heading", name="Votre résultat").is_visible()
    assert either_page.get_by_role("radiogroup", name="Affiliation à la MSA").get_by_label("Oui").is_checked()
