"""Owns the reading of a date as members type it, into day, month and year not yet checked."""

import re
import unicodedata

from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import HYPHENS, plain

MONTH_NAMES = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
IGNORED = {"le", "ne", "nee", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
SEPARATORS = HYPHENS | set("/\\.,_ ")
WORD = re.compile(r"[0-9]{1,9}|[a-z]{1,12}")


def read_typed(text: str) -> tuple[int, int, int]:
    """Day, month, year; `1963-09-08` and `19630908` are read too, for no year looks like a day and a month."""
    words = [word for word in split_words(text) if word not in IGNORED]
    if not words:
        raise ValueRefused("unreadable")
    words = split_run(words[0]) if len(words) == 1 else words
    if len(words) == 2 and is_year(words[1]):
        raise ValueRefused("day_missing")
    if len(words) != 3:
        raise ValueRefused("unreadable")
    if is_year(words[0]):
        words.reverse()
    return as_numbers(*words)


def split_words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", plain(text)).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    spaced = "".join(" " if c in SEPARATORS else c for c in bare)
    if not spaced.strip():
        raise ValueRefused("empty")
    words = re.sub(r"\b1 ?er\b", "1", spaced).split()
    if len(words) > 8 or not all(WORD.fullmatch(word) for word in words):
        raise ValueRefused("unreadable")
    return words


def split_run(run: str) -> list[str]:
    """Digits in one run: 08091963, or 19630908; four are a year alone, six a date whose year is cut short."""
    if is_year(run):
        raise ValueRefused("year_only")
    if run.isdigit() and len(run) == 6:
        raise ValueRefused("two_digit_year")
    if not run.isdigit() or len(run) != 8:
        raise ValueRefused("unreadable")
    if run[4:] < "1900" <= run[:4]:
        return [run[:4], run[4:6], run[6:]]
    return [run[:2], run[2:4], run[4:]]


def is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit()


def as_numbers(day: str, month: str, year: str) -> tuple[int, int, int]:
    if not day.isdigit() or not year.isdigit() or len(day) > 2:
        raise ValueRefused("unreadable")
    if len(year) == 2:
        raise ValueRefused("two_digit_year")
    if len(year) != 4:
        raise ValueRefused("unreadable")
    return int(day), month_number(month), int(year)


def month_number(word: str) -> int:
    """A number, or a name long enough to be one month only: juil, sept, fevr."""
    if word.isdigit() and len(word) <= 2:
        return int(word)
    found = [number for number, name in enumerate(MONTH_NAMES, start=1) if name.startswith(word)]
    if len(word) < 3 or len(found) != 1:
        raise ValueRefused("unreadable")
    return found[0]
