"""The letters' type: what it can draw, where it breaks a line."""

import pytest

from accounts.letters.typeface import BOLD, CODE, PLAIN, face, printable, width, wrapped
from accounts.passwords import READABLE

FRENCH = "àâäçéèêëîïôöùûüÿæœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒ«»’'–—…€\u00a0ŁłŠšŽžĞğŞşŐő"


@pytest.mark.parametrize("name", [PLAIN, BOLD])
def test_names_and_addresses_keep_every_letter(name: str) -> None:
    assert printable(FRENCH, name) == FRENCH


def test_the_code_face_has_every_character_of_a_secret() -> None:
    """R11, R13."""
    assert printable(READABLE + "-0123456789", CODE) == READABLE + "-0123456789"
    assert len({width(character, CODE, 10) for character in READABLE}) == 1


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("1\u202f234,56\u00a0€", "1\u00a0234,56\u00a0€"),
        ("Jean\u2011Pierre", "Jean-Pierre"),
        ("e\u0301te\u0301", "été"),
        ("Nguyễn", "Nguyên"),
        ("漢", "?"),
    ],
)
def test_what_the_face_lacks_becomes_its_nearest(text: str, drawn: str) -> None:
    assert printable(text, PLAIN) == drawn


def test_lines_break_at_ordinary_spaces_only() -> None:
    lines = wrapped("Appelez-nous au 09\u00a069\u00a036\u00a037\u00a003 sans attendre", PLAIN, 10, 90)
    assert len(lines) > 1
    assert any("09\u00a069\u00a036\u00a037\u00a003" in line for line in lines)
    assert all(width(line, PLAIN, 10) <= 90 for line in lines)


def test_a_word_wider_than_the_line_is_cut() -> None:
    lines = wrapped("à " + "W" * 40, PLAIN, 10, 90)
    assert "".join(lines) == "à" + "W" * 40
    assert all(width(line, PLAIN, 10) <= 90 for line in lines)


def test_a_face_is_read_once() -> None:
    assert face(PLAIN) is face(PLAIN)
