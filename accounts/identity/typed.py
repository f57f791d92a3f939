"""Owns what fingers and clipboards add around a value: blanks of all kinds, invisible marks, look-alike characters."""

import unicodedata
from typing import Literal

from accounts.identity.refusal import ValueRefused

# Zero-width and direction marks come along when one copies from a PDF or a mail.
INVISIBLE = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
APOSTROPHES = frozenset("'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07")
LONGEST = 200


def short_enough(text: str, longest: int = LONGEST) -> str:
    """Refuses before any work is done on it: ten kilobytes are never a value."""
    if len(text) > longest:
        raise ValueRefused("too_long", {"limit": longest})
    return text


def plain(text: str, *, form: Literal["NFC", "NFKC"] = "NFKC", longest: int = LONGEST) -> str:
    """One spelling for each character, every blank an ordinary space, no invisible mark."""
    text = unicodedata.normalize(form, short_enough(text, longest))
    return "".join(" " if c.isspace() else c for c in text if c not in INVISIBLE).strip()


def compact(text: str, *, without: str = "") -> str:
    """The characters that count, once blanks, hyphens and the given separators are gone."""
    dropped = HYPHENS | {" "} | set(without)
    kept = "".join(c for c in plain(text) if c not in dropped)
    if not kept:
        raise ValueRefused("empty")
    return kept


def is_digits(text: str) -> bool:
    """ASCII digits only: str.isdigit also says yes to superscripts and to other scripts."""
    return text.isascii() and text.isdigit()
