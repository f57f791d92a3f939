"""The French of every e-mail and letter: its spaces, its tone, and no template that nobody sends (R21)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts import notifications
from accounts.models import Letter

FOLDER = settings.BASE_DIR / "templates"
TEXTS = sorted([*(FOLDER / "emails").glob("*.txt"), *(FOLDER / "letters").glob("*.txt")])
TAG = re.compile(r"\{[{%].*?[%}]\}")
NBSP = "\u00a0"
# What a member must not read: blame, jargon, English (design, Words).
AVOIDED = re.compile(
    r"erreur|invalide|échec|échoué|veuillez|login|password|cliquez ici|(?<!-)\bmails?\b", re.IGNORECASE
)


def words(path: Path) -> str:
    return TAG.sub("·", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
class TestTypography:
    def test_double_signs_follow_a_space_that_does_not_break(self, path: Path) -> None:
        text = re.sub(r"https?://\S+", "", words(path))
        assert re.findall(rf"[^{NBSP}][:;?!](?=\s|$)", text) == []
        assert re.findall(rf"{NBSP}(?![:;?!»€h0-9])", re.sub(rf"«{NBSP}", "«", text)) == []

    def test_quotation_marks_hold_their_words(self, path: Path) -> None:
        text = words(path)
        assert re.findall(rf"«(?!{NBSP})", text) == []
        assert re.findall(rf"(?<!{NBSP})»", text) == []
        assert '"' not in text
        assert text.count("«") == text.count("»")

    def test_the_tone_is_ours(self, path: Path) -> None:
        assert AVOIDED.findall(words(path)) == []
        assert not re.search(r"\b(tu|ton|tes|toi)\b", words(path), re.IGNORECASE)

    def test_no_line_ends_in_a_space(self, path: Path) -> None:
        assert not re.search(r"[ \t]+$", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_mail_has_one_function_and_one_template() -> None:
    """R21."""
    templates = {path.stem for path in (FOLDER / "emails").glob("[!_]*.txt")}
    assert templates == {name for name in templates if callable(getattr(notifications, name, None))}
    assert len(templates) >= 16


def test_every_letter_has_one_template() -> None:
    """R21."""
    assert {path.stem for path in (FOLDER / "letters").glob("*.txt")} == set(Letter.Kind.values)
