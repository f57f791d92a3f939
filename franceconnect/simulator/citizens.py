"""Made-up people as their identity providers hold them; among them the portal's own invented members."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.identity.nir import Nir

FILE = Path(__file__).parent / "data" / "citizens.csv"
PIVOT = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
CLAIMS = (*PIVOT, "email", "preferred_username")


@dataclass(frozen=True)
class Citizen:
    """`member_nir` is what they type at the MSA; `fate` what the register answers, when it is a refusal.

    `register_given_name` is what the register knows where the provider knows less.
    """

    slug: str
    group: str
    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str
    email: str
    preferred_username: str
    member_nir: str
    register_given_name: str
    fate: str
    why: str

    @property
    def claims(self) -> dict[str, str]:
        """As their provider sends them; an empty usage name or e-mail is not sent."""
        said = {name: getattr(self, name) for name in CLAIMS}
        return {name: value for name, value in said.items() if value or name == "birthplace"}

    @property
    def nir_grouped(self) -> str:
        return Nir.parse(self.member_nir).grouped if self.member_nir else ""


@dataclass(frozen=True)
class Group:
    """Citizens that show the same thing."""

    title: str
    lead: str
    citizens: tuple[Citizen, ...]


GROUPS: Mapping[str, tuple[str, str]] = {
    "members": (
        "Adhérents de la démonstration",
        "Leur état civil est celui du référentiel de la MSA.",
    ),
    "strangers": (
        "Personnes que la MSA ne connaît pas",
        "FranceConnect les accepte\u00a0; la MSA ne trouve pas d'adhérent qui leur corresponde.",
    ),
    "register": (
        "Refusés par le répertoire des personnes (RNIPP)",
        "FranceConnect vérifie chaque identité dans ce répertoire\u00a0; il refuse celles-ci.",
    ),
    "incomplete": (
        "Identités incomplètes ou mal écrites",
        "FranceConnect s'arrête avant le répertoire (Y600006).",
    ),
}


@cache
def citizens() -> tuple[Citizen, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Citizen(**row) for row in csv.DictReader(file))


def find(slug: str) -> Citizen | None:
    return next((each for each in citizens() if each.slug == slug), None)


def grouped(asked: str = "") -> tuple[Group, ...]:
    """Those whose name, reason or code contains these words; all of them when nothing is asked."""
    words = asked.casefold().split()
    groups = (
        Group(title, lead, tuple(each for each in citizens() if each.group == name and _matches(each, words)))
        for name, (title, lead) in GROUPS.items()
    )
    return tuple(group for group in groups if group.citizens)


def holder_of(claims: Mapping[str, str]) -> Citizen | None:
    """Whose civil status this is: the provider's e-mail and usage name say nothing of that."""
    return next(
        (each for each in citizens() if all(claims.get(name, "") == getattr(each, name) for name in PIVOT)), None
    )


def _matches(citizen: Citizen, words: list[str]) -> bool:
    told = f"{citizen.given_name} {citizen.family_name} {citizen.preferred_username} {citizen.fate} {citizen.why}"
    return all(word in told.casefold() for word in words)
