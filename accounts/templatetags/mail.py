"""Reads a plain-text mail as its author meant it, so that the HTML says the same."""

import re

from django import template

register = template.Library()

# The width of our plain-text mails; a line that could not have taken the next word was cut, not ended.
WIDTH = 60
PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")
CODE = re.compile(r"[A-Z0-9-]{6,20}")


@register.filter
def is_a_code(paragraph: str) -> bool:
    """A password, a code or a reference, alone on its line."""
    return bool(CODE.fullmatch(paragraph)) and any(character.isdigit() or character == "-" for character in paragraph)


@register.filter
def is_a_link(paragraph: str) -> bool:
    """An address of ours, alone on its line."""
    return paragraph.startswith(("https://", "http://")) and not any(character.isspace() for character in paragraph)


@register.filter
def flowing(paragraph: str) -> str:
    """Lines that were only cut at the width are joined; those that were meant stay. A telephone number never breaks."""
    lines = paragraph.strip("\n").split("\n")
    text = lines[0]
    for line, following in zip(lines, lines[1:], strict=False):
        first_word = following.partition(" ")[0]
        text += (" " if len(line) + 1 + len(first_word) > WIDTH else "\n") + following
    return PHONE.sub(lambda number: number[0].replace(" ", "\u00a0"), text)
