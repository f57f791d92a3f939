"""Every page of the catalogue for everybody: axe, narrow windows, large text, targets, focus (R22)."""

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import address_of, every_address
from tests.browser.audit import NARROWEST, axe, breakable, everywhere, sideways, small_targets
from tests.browser.chromium import PHONE
from tests.browser.places import PLACES, Place
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
# They answer a script, a monitor, a press on a button; or lead elsewhere at once.
WITHOUT_PAGE = {
    "accounts:extend_session", "accounts:password_strength", "enrolment:start", "enrolment:step",
    "franceconnect:start", "franceconnect:callback", "franceconnect:sector_identifier",
    "healthz", "readyz", "metrics", "provider:discovery", "provider:jwks", "provider:status", "provider:token",
    "provider:userinfo", "provider:revoke", "provider:continue", "provider:cancel", "provider:confirm_logout",
    # A file to keep.
    "departments:receipt_file",
}  # fmt: skip


def audited(visitor: Visitor, place: Place) -> list[str]:
    """One load."""
    visitor.resize(PHONE)
    visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visitor.go(place)
    return [f"{place.name}: {each}" for each in everywhere(visitor.page)]


def test_every_page_is_accessible_on_phone_and_desktop_in_light_and_dark(visitor: Visitor) -> None:
    """R22: axe finds nothing, nothing scrolls sideways at 320 px or with text at 200 %, every target can be hit."""
    faults, seen = [], set()
    for place in PLACES:
        faults += audited(visitor, place)
        seen |= address_of(visitor.page.url)
    assert not faults, "\n".join(faults)
    assert every_address() - seen == WITHOUT_PAGE


BROKEN = """<main><h1>Essai</h1><p style="color:#ccc">À lire : rien</p><label>Nom</label><input style="height:20px">
<div style="width:900px">large</div></main>"""


def test_the_audit_sees_what_it_looks_for(page: Page) -> None:
    """R22: a page that is broken on purpose, so that silence means something."""
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    page.set_content(BROKEN)
    found = " ".join(axe(page))
    assert "color-contrast" in found
    assert "label" in found
    assert "color-contrast" in " ".join(axe(page, only_colours=True))
    assert sideways(page, NARROWEST)
    assert small_targets(page)
    assert breakable(page) == ["ordinary space in « À lire : rien »"]


FOCUS = """() => { const at = document.activeElement, style = getComputedStyle(at);
  const around = getComputedStyle(at.closest("label.choice") || at);
  const ring = each => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2;
  return {tag: at.tagName, text: (at.textContent || at.name || "").trim().slice(0, 40),
          seen: ring(style) || ring(around) || style.boxShadow !== "none"}; }"""


def stops(page: Page) -> list[dict]:
    """Where the tabulation key stops, until it leaves the page."""
    found = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] in ("BODY", "HTML"):
            break
        found.append(stop)
    return found


@pytest.mark.parametrize(
    "name",
    [
        "accueil", "connexion", "inscription-01-profil", "mon-compte-mot-de-passe", "aide",
        "vers-franceconnect-1-connexion", "vers-un-service-4-autorisation-tout",
    ],
)  # fmt: skip
def test_the_focus_is_always_visible(visitor: Visitor, name: str) -> None:
    """R22: whoever uses the keyboard sees where they are."""
    visitor.go(next(place for place in PLACES if place.name == name))
    found = stops(visitor.page)
    assert len(found) > 5
    assert not [stop for stop in found if not stop["seen"]]
