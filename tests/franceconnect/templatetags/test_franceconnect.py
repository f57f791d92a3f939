"""The button, by FranceConnect's rules, and what stands in its place (I02, C08, C09, FS 19)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from franceconnect.client import availability
from franceconnect.templatetags import marks
from franceconnect.templatetags.franceconnect import franceconnect_button
from tests.stories.pages import Page

CSS = Path(__file__).parents[3] / "msa_portal" / "static" / "css" / "msa.css"


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.FRANCECONNECT_ISSUER = "https://franceconnect.example/api/v2"


@pytest.fixture
def slot(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder of the official drawings, in a deployment that has just started."""
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "franceconnect").mkdir()
    marks.official_mark.cache_clear()
    marks.finders.get_finder.cache_clear()
    yield tmp_path / "franceconnect"
    marks.official_mark.cache_clear()
    marks.finders.get_finder.cache_clear()


def button(next_page: str = "") -> str:
    return render_to_string("components/franceconnect-button.html", franceconnect_button(next_page))


def test_the_button_is_a_link_of_this_window_with_one_name_on_two_lines() -> None:
    """C08, B6: the same tab, the words as they are; « FranceConnect » in one word."""
    html = button()
    (link,) = re.findall(r"<a [^>]*franceconnect-button__link.*?</a>", html, re.DOTALL)
    assert 'href="/franceconnect/connexion/"' in link
    assert "target" not in link
    assert Page(html).links == [
        ("S'identifier avec FranceConnect", "/franceconnect/connexion/"),
        ("Qu'est-ce que FranceConnect ?", "/franceconnect/"),
    ]


def test_ou_and_the_reason_stand_above_and_the_explanation_below() -> None:
    """C08, C09, B6."""
    said = Page(button()).text
    order = ["ou", "FranceConnect est le système de l'État", "S'identifier avec", "Qu'est-ce que FranceConnect ?"]
    places = [said.index(each) for each in order]
    assert places == sorted(places)


def test_where_the_member_was_going_is_kept() -> None:
    """I02: whole, whatever it contains."""
    assert 'href="/franceconnect/connexion/?suite=%2Fmon-compte%2F%3Fa%3D1%26b%3D%C3%A9"' in button(
        "/mon-compte/?a=1&b=é"
    )


def test_a_known_breakdown_is_told_and_offers_no_dead_button() -> None:
    """Issue 4, « The client » 1: honest, with another way; the button comes back by itself."""
    availability.note_failure()
    page = Page(button())
    assert "FranceConnect ne répond pas en ce moment." in page.text
    assert "continuer sans lui avec le formulaire de cette page" in page.text
    assert page.links == [("Qu'est-ce que FranceConnect ?", "/franceconnect/")]
    availability.note_success()
    assert "S'identifier avec" in Page(button()).text


def test_a_portal_without_franceconnect_says_so(settings: Any) -> None:
    """Issue 4, « The client » 1."""
    settings.FRANCECONNECT_ISSUER = ""
    page = Page(button())
    assert "Ce site ne propose pas encore FranceConnect." in page.text
    assert page.links == [("Qu'est-ce que FranceConnect ?", "/franceconnect/")]


def test_the_official_drawing_takes_its_place_where_a_deployment_has_it(slot: Path) -> None:
    """B6, J02: never deformed, under the same name."""
    (slot / "button.svg").write_text("<svg/>", encoding="utf-8")
    html = button()
    assert '<img src="/static/franceconnect/button.svg" alt="S\'identifier avec FranceConnect">' in html
    assert "franceconnect-button__name" not in html


def test_the_button_is_as_large_as_it_must_be() -> None:
    """B6: 56 × 245 px at the least, with a hover of its own; tests/browser measures it on the page."""
    css = CSS.read_text(encoding="utf-8")
    (rule,) = re.findall(r"\.franceconnect-button__link \{([^}]*)\}", css)
    assert "min-block-size: 56px" in rule
    assert "min-inline-size: 245px" in rule
    assert ".franceconnect-button__link:hover" in css
