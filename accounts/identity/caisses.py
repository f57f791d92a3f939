"""Owns the departments and the caisses that serve them, read once from accounts/data."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

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


def departments() -> tuple[Department, ...]:
    """All of them, 01 to 95 then overseas."""
    return tuple(departments_by_code().values())


def department(typed: str) -> Department:
    """From a number as people type it (1, 2a, 67) or from a name; Corsica's old 20 is two departments today."""
    code = compact(typed, without=".").upper()
    found = departments_by_code().get(code.zfill(2)) or departments_by_name().get(normalise(typed))
    if found:
        return found
    if code in ("20", "CORSE"):
        raise ValueRefused("corsica")
    if is_digits(code) and len(code) == 5:
        raise ValueRefused("postcode")
    raise ValueRefused("unknown_department")


def caisse(code: str) -> Caisse:
    """From the registry's code; an unknown one is a fault of data, hence KeyError."""
    return caisses_by_code()[code]


def caisse_of(department_code: str) -> Caisse:
    return departments_by_code()[department_code].caisse


@cache
def departments_by_code() -> Mapping[str, Department]:
    rows = read("departements.csv")
    return MappingProxyType(
        {row["code"]: Department(row["code"], row["name"], caisse(row["caisse_code"])) for row in rows}
    )


@cache
def departments_by_name() -> Mapping[str, Department]:
    return MappingProxyType({normalise(found.name): found for found in departments()})


@cache
def caisses_by_code() -> Mapping[str, Caisse]:
    return MappingProxyType({row["code"]: from_row(row) for row in read("caisses.csv")})


def from_row(row: Mapping[str, str]) -> Caisse:
    words = (row[column] for column in ("code", "name", "site", "phone", "email", "opening"))
    return Caisse(*words, post_only=row["delivery"] == "post_only")


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
