"""Owns French telephone numbers, of the mainland and of overseas, as members type and read them."""

import re
from dataclasses import dataclass
from enum import Flag, auto
from typing import Self

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from accounts.identity.masked import Masked
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import compact

# Collectivities of the Pacific and Saint-Pierre-et-Miquelon are France too; having no trunk 0, theirs need the prefix.
MAINLAND = 33
WITH_TRUNK_ZERO = {"RE": 262, "YT": 262, "GP": 590, "GF": 594, "MQ": 596}
WITHOUT_TRUNK_ZERO = {"PM": 508, "WF": 681, "NC": 687, "PF": 689}
FRENCH_CODES = {MAINLAND, *WITH_TRUNK_ZERO.values(), *WITHOUT_TRUNK_ZERO.values()}
SHAPE = re.compile(r"\+?[0-9]{1,60}")
FICTION_MOBILE = re.compile(r"63998[0-9]{4}")  # Arcep keeps 06 39 98 for films and tests; no operator holds it
# The library takes some of these for the mainland's; the numbering plan gives them to overseas alone.
OVERSEAS = re.compile(r"26[239]|59[046]|639|69[0-7]")


class PhoneKind(Flag):
    """What a number must be good for: a text message, a call at home, either."""

    MOBILE = auto()
    LANDLINE = auto()
    ANY = MOBILE | LANDLINE


KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.VOIP: PhoneKind.LANDLINE,  # 09: the telephone of the internet box
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.ANY,
}


@dataclass(frozen=True, slots=True, repr=False)
class Phone(Masked):
    """A number that can be called from anywhere, stored as E.164."""

    e164: str

    @classmethod
    def parse(cls, text: str, *, kind: PhoneKind = PhoneKind.ANY) -> Self:
        number = french_number(compact(text, without=".()/_"))
        actual = kind_of(number)
        if not actual:
            raise ValueRefused("unknown_number")
        if not actual & kind:
            raise ValueRefused("not_mobile" if kind is PhoneKind.MOBILE else "not_landline")
        return cls(phonenumbers.format_number(number, PhoneNumberFormat.E164))

    @property
    def grouped(self) -> str:
        """As it is dialled at home; with its prefix where a bare number could be anyone's."""
        number = phonenumbers.parse(self.e164)
        home = number.country_code not in WITHOUT_TRUNK_ZERO.values()
        shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, shape)

    @property
    def is_mobile(self) -> bool:
        return bool(kind_of(phonenumbers.parse(self.e164)) & PhoneKind.MOBILE)

    @property
    def masked(self) -> str:
        """« 06 •• •• •• 34 »: the first two digits, or the prefix, and the last two."""
        digits = [place for place, c in enumerate(self.grouped) if c.isdigit()]
        hidden = set(digits[3 if self.grouped.startswith("+") else 2 : -2])
        return "".join("•" if place in hidden else c for place, c in enumerate(self.grouped))


def french_number(typed: str) -> PhoneNumber:
    typed = with_plain_prefix(typed)
    if not SHAPE.fullmatch(typed):
        raise ValueRefused("bad_character")
    number = read(typed)
    if number.country_code not in FRENCH_CODES:
        raise ValueRefused("foreign")
    check_length(number)
    return overseas(number) or number


def with_plain_prefix(typed: str) -> str:
    """« +33 (0)6… », as printed on letterheads, once its brackets are gone; and an overseas prefix without its +."""
    typed = re.sub(r"^(\+|00)(33|262|590|594|596)0", r"\1\2", typed)
    return re.sub(r"^(262|590|594|596)([0-9]{9})$", r"+\1\2", typed)


def read(typed: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException as refused:
        if refused.error_type in (refused.INVALID_COUNTRY_CODE, refused.NOT_A_NUMBER):
            raise ValueRefused("unknown_number") from None
        raise ValueRefused("too_long" if refused.error_type == refused.TOO_LONG else "too_short") from None


def check_length(number: PhoneNumber) -> None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.TOO_LONG:
        raise ValueRefused("too_long")
    if possible != ValidationResult.IS_POSSIBLE:
        raise ValueRefused("too_short")


def overseas(number: PhoneNumber) -> PhoneNumber | None:
    """0692… typed without its prefix, or with the mainland's, is a number of La Réunion."""
    national = str(number.national_number)
    if number.country_code != MAINLAND or FICTION_MOBILE.fullmatch(national) or not OVERSEAS.match(national):
        return None
    home = (PhoneNumber(code, number.national_number) for code in WITH_TRUNK_ZERO.values())
    return next((candidate for candidate in home if kind_of(candidate)), None)


def kind_of(number: PhoneNumber) -> PhoneKind:
    """Nothing for a number that is nobody's, or that is no one's own: 08, short codes."""
    if number.country_code == MAINLAND and FICTION_MOBILE.fullmatch(str(number.national_number)):
        return PhoneKind.MOBILE
    return KINDS.get(phonenumbers.number_type(number), PhoneKind(0))
