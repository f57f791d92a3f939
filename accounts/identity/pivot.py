"""Owns the identity that FranceConnect and its members exchange, and the rules of its wire (facts A5, R24)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts.identity.birth_date import BirthDate
from accounts.identity.email import Email
from accounts.identity.masked import Masked
from accounts.identity.refusal import ValueRefused

LONGEST_NAME = 256
FRANCE = "99100"
GENDERS = frozenset({"female", "male", "unspecified"})
COMMUNE = re.compile(r"(?:2[AB]|(?!99)[0-9]{2})[0-9]{3}")
COUNTRY = re.compile(r"99[0-9]{3}")


class IdentityRefused(ValueRefused):
    """The names of the claims that are missing or break their rule, never their values."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__("identity_incomplete")
        self.fields = fields


@dataclass(frozen=True, slots=True, repr=False)
class PivotIdentity(Masked):
    """Who somebody is to the civil records, under the names and in the forms of FranceConnect's claims."""

    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str
    email: str
    preferred_username: str | None = None

    def __post_init__(self) -> None:
        if broken := tuple(name for name, holds in RULES.items() if not holds(self)):
            raise IdentityRefused(broken)

    @property
    def born_in_france(self) -> bool:
        return self.birthcountry == FRANCE


def is_a_name(value: object) -> bool:
    """1 to 256 characters, one space between two words; no line break, no invisible mark."""
    return (
        isinstance(value, str)
        and 1 <= len(value) <= LONGEST_NAME
        and value.isprintable()
        and value == " ".join(value.split())
    )


def is_a_birth_date(value: object) -> bool:
    """A day of the calendar, `YYYY-MM-00` or `YYYY-00-00`: exactly what is written back as it was read."""
    try:
        return isinstance(value, str) and BirthDate.from_iso(value).iso == value
    except ValueRefused:
        return False


def is_a_commune(value: object) -> bool:
    """A COG code, Corsica and overseas alike; 99 is the mark of a country."""
    return isinstance(value, str) and COMMUNE.fullmatch(value) is not None


def is_a_country(value: object) -> bool:
    return isinstance(value, str) and COUNTRY.fullmatch(value) is not None


def is_an_email(value: object) -> bool:
    """An address that can be written to, spelt as it is to be used."""
    try:
        return isinstance(value, str) and value.isascii() and Email.parse(value).address.lower() == value.lower()
    except ValueRefused:
        return False


# Born abroad, the place is an empty string: a code there would be looked up in place of the country's.
RULES: Mapping[str, Callable[[PivotIdentity], bool]] = {
    "given_name": lambda one: is_a_name(one.given_name),
    "family_name": lambda one: is_a_name(one.family_name),
    "birthdate": lambda one: is_a_birth_date(one.birthdate),
    "gender": lambda one: isinstance(one.gender, str) and one.gender in GENDERS,
    "birthplace": lambda one: is_a_commune(one.birthplace) if one.born_in_france else one.birthplace == "",
    "birthcountry": lambda one: is_a_country(one.birthcountry),
    "email": lambda one: is_an_email(one.email),
    "preferred_username": lambda one: one.preferred_username is None or is_a_name(one.preferred_username),
}
