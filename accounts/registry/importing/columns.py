"""Reads one value of a delivered line; says no with the column's name and a code."""

import re
from collections.abc import Container
from datetime import date
from functools import cache, lru_cache

from accounts.identity.birth_date import OLDEST_YEAR, BirthDate
from accounts.identity.caisses import departments
from accounts.identity.nir_rules import LENGTH, check_birth, check_shape
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import is_digits
from accounts.identity.vitale import DIGITS_AFTER_PREFIX, LONGEST, SHORTEST, CardKind
from accounts.registry.importing.refusal import LineRefused

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Most numbers, seen at a glance; what is written otherwise may be right too: the rules tell.
USUAL_NIR = re.compile(
    "[1-478][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[1-8][0-9]|9[0-5])(?!000)[0-9]{3}(?!000)[0-9]{3}", re.ASCII
)
WHOLE = re.compile(r"-?[0-9]{1,10}")
LARGEST = 2**31 - 1
LATEST_YEAR = 2200
SERIAL_LENGTHS: dict[str, tuple[int, int]] = {
    CardKind.PHOTO: (DIGITS_AFTER_PREFIX, DIGITS_AFTER_PREFIX),
    CardKind.NO_PHOTO: (SHORTEST, LONGEST),
}


def nir(text: str) -> str:
    """The rules of accounts.identity on what is already canonical; nothing is mended here."""
    if USUAL_NIR.fullmatch(text):
        return text
    try:
        number, key = check_shape(text)
        check_birth(number)
    except ValueRefused as refused:
        raise LineRefused("nir", refused.code) from None
    if key:
        raise LineRefused("nir", "too_long")
    if number != text or len(number) != LENGTH:
        raise LineRefused("nir", "bad_character")
    return number


def one_of(text: str, values: Container[str], column: str) -> str:
    if text not in values:
        raise LineRefused(column, "unknown_value")
    return text


def department(text: str) -> str:
    return one_of(text, department_codes(), "department")


@cache
def department_codes() -> frozenset[str]:
    return frozenset(known.code for known in departments())


def words(text: str) -> str:
    """Blanks and line breaks, of any kind and number, are one space."""
    return " ".join(text.split())


def required(text: str, column: str) -> str:
    if not text:
        raise LineRefused(column, "missing")
    return text


def code(text: str, pattern: re.Pattern[str], column: str) -> str:
    if not pattern.fullmatch(text):
        raise LineRefused(column, "unknown_value")
    return text


@lru_cache(maxsize=65536)
def birth_date(text: str, today: date) -> str:
    """ISO, with 00 for what is unknown."""
    try:
        born = BirthDate.from_iso(text)
    except ValueRefused as refused:
        raise LineRefused("birth_date", refused.code) from None
    if born.year < OLDEST_YEAR:
        raise LineRefused("birth_date", "too_old")
    if born.year > today.year:  # a delivery may be dated a little after our clock: the year is the grain
        raise LineRefused("birth_date", "future")
    return born.iso


@lru_cache(maxsize=65536)
def day(text: str, column: str) -> date:
    if not ISO.fullmatch(text):
        raise LineRefused(column, "unreadable" if text else "missing")
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise LineRefused(column, "impossible_date") from None
    if not OLDEST_YEAR <= read.year <= LATEST_YEAR:
        raise LineRefused(column, "impossible_date")
    return read


def day_or_none(text: str, column: str) -> date | None:
    return day(text, column) if text else None


def period(since: date | None, until: date | None, column: str) -> None:
    if since and until and until < since:
        raise LineRefused(column, "ends_before_it_begins")


def amount(text: str, column: str) -> int:
    """Cents, more than none and within the database's integer."""
    if not WHOLE.fullmatch(text):
        raise LineRefused(column, "not_a_whole_number")
    cents = int(text)
    if not 0 < cents <= LARGEST:
        raise LineRefused(column, "out_of_range")
    return cents


def serial(text: str, kind: str) -> str:
    """The digits after the printed prefix."""
    shortest, longest = SERIAL_LENGTHS[kind]
    if not is_digits(text):
        raise LineRefused("serial", "bad_character")
    if not shortest <= len(text) <= longest:
        raise LineRefused("serial", "wrong_length")
    return text
