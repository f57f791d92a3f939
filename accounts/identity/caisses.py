"""Owns the departments and the caisses that serve them, read once from accounts/data."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accounts.identity.names import normalise
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import compact, is_digits

FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Caisse:
    """One MSA and how to reach its help; site is empty where no host is sure."""

    code: str
    name: str
    site: str
    phone: str
    email: str
    opening: str
    post_only: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A department and the one caisse that serves it."""

    code: str
    name: str
    caisse: Caisse

    @property
    def label(self) -> str:
        return f"{self.code}-{self.name}"


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_caisse(row: Mapping[str, str]) -> Caisse:
    told = {column: row[column] for column in ("code", "name", "site", "phone", "email", "opening")}
    return Caisse(**told, post_only=row["delivery"] == "post_only")


CAISSES: Mapping[str, Caisse] = {row["code"]: as_caisse(row) for row in read("caisses.csv")}
DEPARTMENTS: Mapping[str, Department] = {
    row["code"]: Department(row["code"], row["name"], CAISSES[row["caisse_code"]]) for row in read("departements.csv")
}
BY_NAME: Mapping[str, Department] = {normalise(each.name): each for each in DEPARTMENTS.values()}


def departments() -> tuple[Department, ...]:
    """All of them, 01 to 95 then overseas."""
    return tuple(DEPARTMENTS.values())


def department(typed: str) -> Department:
    """From a number as people type it (1, 2a, 67) or from a name; Corsica's old 20 is two departments today."""
    code = compact(typed, without=".").upper()
    found = DEPARTMENTS.get(code.zfill(2)) or BY_NAME.get(normalise(typed))
    if found:
        return found
    if code in ("20", "CORSE"):
        raise ValueRefused("corsica")
    if is_digits(code) and len(code) == 5:
        raise ValueRefused("postcode")
    raise ValueRefused("unknown_department")


def caisse(code: str) -> Caisse:
    """From the registry's code; an unknown one is a fault of data, hence KeyError."""
    return CAISSES[code]


def caisse_of(department_code: str) -> Caisse:
    return DEPARTMENTS[department_code].caisse
