"""The French names of claims, and their values in words: what a member reads before anything is shared (I09)."""

from dataclasses import dataclass
from typing import Any

from accounts.identity.birth_date import BirthDate
from accounts.identity.caisses import DEPARTMENTS
from accounts.identity.phone import Phone
from accounts.identity.pivot import FRANCE

# In the order in which FranceConnect's own page tells them, then what it does not take.
LABELS = {
    "name": "Prénoms et nom",
    "preferred_username": "Nom d'usage",
    "email": "Adresse email",
    "email_verified": "Adresse email confirmée",
    "given_name": "Prénoms",
    "family_name": "Nom de naissance",
    "birthdate": "Date de naissance",
    "gender": "Sexe",
    "birthplace": "Lieu de naissance",
    "birthcountry": "Pays de naissance",
    "phone_number": "Numéro de téléphone",
    "phone_number_verified": "Numéro de téléphone vérifié",
    "address": "Adresse postale",
}
GENDERS = {"female": "Femme", "male": "Homme", "unspecified": "Non précisé"}


@dataclass(frozen=True)
class Shown:
    """One claim: its French name, its value in words, and the value on the wire when it is written otherwise."""

    claim: str
    label: str
    words: str
    sent: str = ""


def shown_as(claim: str, value: Any) -> Shown:
    words = in_words(claim, value)
    sent = value if isinstance(value, str) else words
    return Shown(claim, LABELS[claim], words, "" if sent == words else sent or "(vide)")


def in_words(claim: str, value: Any) -> str:
    match claim:
        case "birthdate":
            # Other services get the year alone when the day or the month is not known.
            return BirthDate.from_iso(value).french if "-" in value else value
        case "gender":
            return GENDERS[value]
        case "birthplace":
            return commune(value)
        case "birthcountry":
            return "France" if value == FRANCE else f"Pays étranger, code {value}"
        case "email_verified" | "phone_number_verified":
            return "Oui" if value else "Non"
        case "phone_number":
            return Phone(value).grouped
        case "address":
            return str(value["formatted"])
    return str(value)


def commune(code: str) -> str:
    """« Commune 13201 (Bouches-du-Rhône) »: the code is what travels."""
    if not code:
        return "Naissance à l'étranger\u00a0: pas de commune"
    found = DEPARTMENTS.get(code[:2]) or DEPARTMENTS.get(code[:3])
    return f"Commune {code} ({found.name})" if found else f"Commune {code}"
