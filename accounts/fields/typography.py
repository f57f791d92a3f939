"""Owns the no-break spaces that French puts before high signs and inside guillemets."""

import re

NO_BREAK_SPACE = "\u00a0"


def spaced(text: str) -> str:
    """Sentences are written in the code with ordinary spaces, which can be seen; members get the right ones."""
    return re.sub(r" (?=[:;?!»€])|(?<=«) ", NO_BREAK_SPACE, text)


def counted(number: int, noun: str) -> str:
    """« un chiffre », « 3 chiffres »; figure and noun stay on one line."""
    return f"un {noun}" if number == 1 else f"{number}{NO_BREAK_SPACE}{noun}s"
