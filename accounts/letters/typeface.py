"""The letters' type: Atkinson Hyperlegible, embedded, so that the print shop prints what we drew."""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"
PLAIN, BOLD, CODE = "AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold", "AtkinsonHyperlegibleMono-Bold"
# Blanks and hyphens that the face lacks and has a twin for.
TWINS = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2011": "-", "\u2010": "-"})


@cache
def face(name: str) -> TTFont:
    """Read once, and known to reportlab from then on."""
    font = TTFont(name, FOLDER / f"{name}.ttf")
    pdfmetrics.registerFont(font)
    return font


def printable(text: str, name: str) -> str:
    """The text in characters that the face can draw: a rare letter loses its accent rather than its place."""
    known = face(name).face.charToGlyph
    return "".join(
        character if ord(character) in known else _nearest(character, known)
        for character in unicodedata.normalize("NFC", text).translate(TWINS)
    )


def _nearest(character: str, known: dict[int, int]) -> str:
    """One mark less at a time: « ễ » becomes « ê » before it becomes « e »."""
    codes = [code for code in unicodedata.decomposition(character).split() if not code.startswith("<")]
    parts = [part for part in map(_character, codes) if not unicodedata.combining(part)]
    return "".join(part if ord(part) in known else _nearest(part, known) for part in parts) or "?"


def _character(code: str) -> str:
    return chr(int(code, 16))


def width(text: str, name: str, size: float) -> float:
    return face(name).stringWidth(text, size)


def wrapped(text: str, name: str, size: float, limit: float) -> list[str]:
    """Lines no wider than `limit`; only ordinary spaces break, and a word that is too long by itself."""
    lines = [""]
    for word in printable(text, name).split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, name, size) <= limit:
            lines[-1] = longer
            continue
        pieces = _cut(word, name, size, limit)
        lines[-1:] = [lines[-1], *pieces] if lines[-1] else pieces
    return lines


def _cut(word: str, name: str, size: float, limit: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, name, size) > limit:
            pieces.append("")
        pieces[-1] += character
    return pieces
