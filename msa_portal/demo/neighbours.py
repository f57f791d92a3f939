"""The people whose requests wait at the demonstration's support desk: made up, known to the registry, nobody's role.

The personas (personas.py) are there to be played from the first page on, so nothing of theirs is begun.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.identity.nir import Nir
from accounts.models import Profile

MEMBER_COLUMNS = (
    "nir", "nir_status", "birth_name", "usage_name", "given_names", "gender", "birth_date", "birth_place",
    "birth_country", "deceased_on", "address", "postcode", "city",
)  # fmt: skip
AFFILIATION_COLUMNS = ("nir", "department", "profile", "health_cover", "since", "until")


@dataclass(frozen=True)
class Neighbour:
    """A member with one department; `why` is what the desk has of theirs."""

    slug: str
    number: str
    birth_name: str
    given_names: str
    gender: str
    birth_date: str
    birth_place: str
    address: str
    postcode: str
    city: str
    department: str
    mobile: str
    why: str
    # Whether they have an account from the beginning, with the demonstration's password.
    is_registered: bool = True

    @property
    def nir(self) -> Nir:
        return Nir.parse(self.number)

    @property
    def email(self) -> str:
        return f"{self.slug}@example.org"

    @property
    def name(self) -> str:
        return f"{self.birth_name} {self.given_names}"


NEIGHBOURS = (
    Neighbour(
        "roux", "1740313004027", "ROUX", "Fabrice Michel", "male", "1974-03-18", "13004",
        "27 route de Fontvieille", "13200", "Arles", "13", "06 39 98 20 01",
        "Il demande 67-Bas-Rhin\u00a0: sa demande attend à la MSA Alsace.",
    ),
    Neighbour(
        "blanc", "2880583137033", "BLANC", "Solène", "female", "1988-05-30", "83137",
        "5 impasse des Mimosas", "83000", "Toulon", "83", "06 39 98 20 02",
        "Elle demande 68-Haut-Rhin depuis 12 jours\u00a0: à la MSA Alsace, sa demande est signalée en retard.",
    ),
    Neighbour(
        "weber", "1790267482118", "WEBER", "Tristan Luc", "male", "1979-02-11", "67482",
        "8 rue des Cigognes", "67100", "Strasbourg", "67", "06 39 98 20 03",
        "Sa demande pour 13-Bouches-du-Rhône est acceptée\u00a0: son code est dans un courrier, à taper à sa place.",
    ),
    Neighbour(
        "muller", "2660968224051", "MULLER", "Hélène", "female", "1966-09-03", "68224",
        "14 rue du Sauvage", "68100", "Mulhouse", "68", "06 39 98 20 04",
        "Elle demande 83-Var\u00a0: sa demande attend à la MSA Provence-Azur. À la MSA Alsace, une correction de son "
        "lieu de naissance est demandée.",
    ),
    Neighbour(
        "klein", "1490767462012", "KLEIN", "Gérard Paul", "male", "1949-07-21", "67462",
        "2 route de Marckolsheim", "67600", "Sélestat", "67", "06 39 98 20 05",
        "Le courrier avec son mot de passe est revenu\u00a0: à la MSA Alsace, son adresse est à vérifier.",
        is_registered=False,
    ),
    Neighbour(
        "schmitt", "2580468066114", "SCHMITT", "Bernadette", "female", "1958-04-12", "68066",
        "19 rue des Clefs", "68000", "Colmar", "68", "06 39 98 20 06",
        "Elle a demandé un changement d'adresse à la MSA Alsace. Un conseiller a ouvert son dossier\u00a0: elle le lit "
        "dans «\u00a0Qui a consulté mon dossier\u00a0».",
    ),
    Neighbour(
        "hertzog", "1821168224093", "HERTZOG", "Damien", "male", "1982-11-08", "68224",
        "33 rue de Bâle", "68100", "Mulhouse", "68", "06 39 98 20 07",
        "Une autre identité FranceConnect a voulu ouvrir son compte\u00a0: à la MSA Alsace, c'est un conflit à "
        "trancher.",
    ),
    Neighbour(
        "giraud", "1611213055077", "GIRAUD", "Marius", "male", "1961-12-02", "13055",
        "41 boulevard des Dames", "13002", "Marseille", "13", "06 39 98 20 08",
        "Il a demandé un changement d'adresse à la MSA Provence-Azur.",
    ),
    Neighbour(
        "pons", "2710406088041", "PONS", "Nadine Alice", "female", "1971-04-25", "06088",
        "12 avenue des Fleurs", "06000", "Nice", "06", "06 39 98 20 09",
        "Une correction de ses prénoms est demandée, à la MSA Provence-Azur.",
    ),
    Neighbour(
        "fischer", "1560584007016", "FISCHER", "André", "male", "1956-05-14", "84007",
        "6 place du Marché aux Choux", "67600", "Sélestat", "67", "06 39 98 20 10",
        "Il n'arrive pas à s'inscrire\u00a0: trois réponses fausses, puis un nom qui n'est pas celui du référentiel.",
        is_registered=False,
    ),
)  # fmt: skip


def neighbour(slug: str) -> Neighbour:
    return next(each for each in NEIGHBOURS if each.slug == slug)


def registry_files() -> dict[str, bytes]:
    """The deliveries that make them members. No payment and no card: nobody registers as one of them."""
    return {
        "members.csv": _as_csv(MEMBER_COLUMNS, map(_member, NEIGHBOURS)),
        "affiliations.csv": _as_csv(AFFILIATION_COLUMNS, map(_affiliation, NEIGHBOURS)),
    }


def _member(each: Neighbour) -> Mapping[str, str]:
    known = {column: getattr(each, column, "") for column in MEMBER_COLUMNS}
    return {**known, "nir": each.number, "nir_status": "certified", "birth_country": "99100"}


def _affiliation(each: Neighbour) -> Mapping[str, str]:
    told = {"nir": each.number, "department": each.department, "profile": Profile.INDIVIDUAL}
    return {**told, "health_cover": "1", "since": "2010-01-01", "until": ""}


def _as_csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
