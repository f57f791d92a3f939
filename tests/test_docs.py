"""The documents point to what is there, and the map of the house names rooms that stand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "deploy" / "README.md", *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def rooms() -> dict[str, set[str]]:
    """Room → the modules that its part of the map names."""
    text = (ROOT / "docs" / "house.md").read_text(encoding="utf-8").split("```")[1]
    parts = re.split(
        r"^(msa_portal|accounts|enrolment|franceconnect|templates|tests|bench|deploy|docs)/", text, flags=re.MULTILINE
    )
    return {name: set(re.findall(r"\b(\w+\.py)\b", said)) for name, said in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("room", ["msa_portal", "accounts", "enrolment", "franceconnect"])
def test_the_map_names_every_module_that_stands_in_the_hall_of_a_room_and_no_other(room):
    plain = {"__init__.py"}
    standing = {path.name for path in (ROOT / room).glob("*.py")} - plain
    named = rooms()[room] - plain
    inside = {path.name for path in (ROOT / room).glob("**/*.py")}
    assert named <= inside, named - inside
    assert standing - named == set(), standing - named


def test_a_sequence_drawn_in_the_journeys_has_no_semicolon():
    """Mermaid ends the line there, and the whole drawing is an error message."""
    drawings = re.findall(
        r"```mermaid\nsequenceDiagram\n(.*?)```", (ROOT / "docs" / "journeys.md").read_text(), re.DOTALL
    )
    assert len(drawings) >= 2
    assert [line for drawing in drawings for line in drawing.splitlines() if ";" in line] == []


def test_the_screenshot_is_small():
    assert (ROOT / "docs" / "img" / "accueil.png").stat().st_size < 200_000
