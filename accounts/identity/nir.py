"""Owns the numéro de sécurité sociale: its reading, its key and what it says of a birth (facts 1.1 to 1.7)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from accounts.identity.birth_date import BirthDate
from accounts.identity.masked import Masked
from accounts.identity.nir_rules import check_birth, check_key, check_shape, key_of
from accounts.identity.typed import compact


class NirKind(StrEnum):
    """What the first digit tells; it does not tell whether the number is certified."""

    NORMAL = "normal"
    WAITING = "waiting"
    TEMPORARY = "temporary"


KINDS = {"1": NirKind.NORMAL, "2": NirKind.NORMAL, "3": NirKind.WAITING, "4": NirKind.WAITING}


@dataclass(frozen=True, slots=True, repr=False)
class Nir(Masked):
    """Thirteen characters, canonical; built from typed text by `parse`, directly only from what was once parsed."""

    number: str

    @classmethod
    def parse(cls, text: str) -> Self:
        typed = compact(text, without=".")
        number, key = check_shape(typed)
        check_birth(number)
        check_key(number, key)
        return cls(number)

    @property
    def key(self) -> str:
        return key_of(self.number)

    @property
    def grouped(self) -> str:
        n = self.number
        return f"{n[0]} {n[1:3]} {n[3:5]} {n[5:7]} {n[7:10]} {n[10:]}"

    @property
    def masked(self) -> str:
        return f"{self.number[0]} {self.number[1:3]} {self.number[3:5]} ** *** ***"

    @property
    def first_digit(self) -> str:
        return self.number[0]

    @property
    def kind(self) -> NirKind:
        return KINDS.get(self.first_digit, NirKind.TEMPORARY)

    @property
    def gender(self) -> str:
        return "male" if self.first_digit in "137" else "female"

    @property
    def year(self) -> int:
        """Two digits: the century is not in the number."""
        return int(self.number[1:3])

    @property
    def month(self) -> int | None:
        """1 to 12, also when written 31 to 42 (incomplete record); None when the number does not know it."""
        written = int(self.number[3:5])
        if self.has_incomplete_record:
            return written - 30
        return written if written <= 12 else None

    @property
    def has_incomplete_record(self) -> bool:
        return 31 <= int(self.number[3:5]) <= 42

    @property
    def department(self) -> str:
        """Two characters, three overseas, 99 for a birth abroad."""
        return self.number[5:8] if self.number[5:7] in ("97", "98") else self.number[5:7]

    @property
    def place(self) -> str:
        """The commune in its department, or the country when the department is 99."""
        return self.number[5 + len(self.department) : 10]

    @property
    def order(self) -> str:
        return self.number[10:]

    @property
    def suits_franceconnect(self) -> bool:
        """As far as the number alone can tell: the registry still has to say certified."""
        return self.kind is NirKind.NORMAL and self.month is not None and not self.has_incomplete_record

    def agrees_with(self, birth_date: BirthDate, gender: str) -> bool:
        """Facts 1.7: only numbers in 1 and 2 are held to the birth; the place never is."""
        if self.kind is not NirKind.NORMAL:
            return True
        months = {self.month, birth_date.month} - {None}
        return self.gender == gender and self.year == birth_date.year % 100 and len(months) <= 1
