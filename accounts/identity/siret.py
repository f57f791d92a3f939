"""Owns the SIRET, the number of a company's establishment (R1)."""

from dataclasses import dataclass
from typing import Self

from accounts.identity.masked import Masked
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import compact, is_digits

LENGTH, SIREN_LENGTH = 14, 9
LA_POSTE = "356000000"


@dataclass(frozen=True, slots=True, repr=False)
class Siret(Masked):
    """Fourteen digits whose control digit is right."""

    number: str

    @classmethod
    def parse(cls, text: str) -> Self:
        typed = compact(text, without=".")
        if not is_digits(typed):
            raise ValueRefused("bad_character")
        check_length(len(typed))
        if not has_right_control(typed):
            raise ValueRefused("bad_key")
        return cls(typed)

    @property
    def grouped(self) -> str:
        n = self.number
        return f"{n[:3]} {n[3:6]} {n[6:9]} {n[9:]}"


def check_length(count: int) -> None:
    if count == SIREN_LENGTH:
        raise ValueRefused("is_siren")
    if count < LENGTH:
        raise ValueRefused("too_short", {"count": count, "missing": LENGTH - count})
    if count > LENGTH:
        raise ValueRefused("too_long", {"count": count, "extra": count - LENGTH})


def has_right_control(number: str) -> bool:
    """Luhn twice, company then establishment; post offices outgrew it: there the plain sum is a multiple of five."""
    siren = number[:SIREN_LENGTH]
    if not siren.strip("0") or not is_luhn(siren):
        return False
    return is_luhn(number) or (siren == LA_POSTE and sum(map(int, number)) % 5 == 0)


def is_luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
