"""The slot for the State's marks (J02)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from franceconnect.templatetags import marks

HEADER, FOOTER = "components/franceconnect-mark.html", "components/visit-footer.html"


@pytest.fixture
def slot(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder that the README stands in, of a deployment that has just started."""
    settings.STATICFILES_DIRS = [tmp_path]
    folder = tmp_path / "franceconnect"
    folder.mkdir()
    marks.official_mark.cache_clear()
    marks.finders.get_finder.cache_clear()
    yield folder
    marks.official_mark.cache_clear()
    marks.finders.get_finder.cache_clear()


def test_without_the_official_mark_the_name_stands_in_a_box(slot: Path) -> None:
    header, footer = render_to_string(HEADER), render_to_string(FOOTER, {"is_federation": True})
    assert '<span class="franceconnect-mark__word">FranceConnect</span>' in header
    assert "<img" not in header + footer


def test_what_a_deployment_puts_there_is_shown(slot: Path) -> None:
    """J02, fi-doc « Parcours »: the mark in the header, the white Marianne below, for FranceConnect only."""
    (slot / "mark.svg").write_text("<svg/>", encoding="utf-8")
    (slot / "marianne.svg").write_text("<svg/>", encoding="utf-8")
    header = render_to_string(HEADER)
    assert '<img src="/static/franceconnect/mark.svg" alt="FranceConnect">' in header
    assert "franceconnect-mark__word" not in header
    marianne = 'src="/static/franceconnect/marianne.svg"'
    assert marianne in render_to_string(FOOTER, {"is_federation": True})
    assert marianne not in render_to_string(FOOTER, {"is_federation": False})


def test_a_mark_that_is_not_collected_yet_breaks_no_page(slot: Path, settings: Any, tmp_path: Path) -> None:
    """Put there while the portal runs: the manifest does not know it."""
    (slot / "mark.svg").write_text("<svg/>", encoding="utf-8")
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "msa_portal.storage.HashedModulesStorage"}}
    assert marks.official_mark("mark.svg") == ""


def test_none_of_the_state_s_marks_is_in_this_repository() -> None:
    """Their licences are not ours to pass on."""
    folder = Path(__file__).parents[3] / "msa_portal" / "static" / "franceconnect"
    assert [path.name for path in folder.iterdir()] == ["README.md"]
