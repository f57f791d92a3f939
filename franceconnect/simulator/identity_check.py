"""Owns what FranceConnect demands of an identity before it asks the register (facts A5): Y600006 otherwise."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

LONGEST = 256
FRANCE = "99100"
COG = re.compile(r"(?:2[AB]|[0-9]{2})[0-9]{3}")
BIRTH_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")


def broken(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the claims that break their rule; claims without a rule are dropped, not refused."""
    return tuple(name for name, holds in RULES.items() if not holds(claims))


def is_name(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST


def is_birth_date(value: object) -> bool:
    """A real day, `YYYY-MM-00` or `YYYY-00-00`."""
    found = BIRTH_DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return False
    year, month, day = map(int, found.groups())
    try:
        # An unknown month has no known day.
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return bool(month) or not day


def is_cog(value: object) -> bool:
    return isinstance(value, str) and COG.fullmatch(value) is not None


def is_email(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and EMAIL.fullmatch(value) is not None


RULES: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "given_name": lambda claims: is_name(claims.get("given_name")),
    "family_name": lambda claims: is_name(claims.get("family_name")),
    "birthdate": lambda claims: is_birth_date(claims.get("birthdate")),
    "gender": lambda claims: claims.get("gender") in ("female", "male", "unspecified"),
    "birthcountry": lambda claims: is_cog(claims.get("birthcountry")),
    "birthplace": lambda claims: claims.get("birthcountry") != FRANCE or is_cog(claims.get("birthplace")),
    "email": lambda claims: is_email(claims.get("email")),
    "preferred_username": lambda claims: isinstance(claims.get("preferred_username", ""), str | None),
}
