"""Whether what a caller typed is a member of the registry (R5: the caller never learns which of these it was)."""

from dataclasses import dataclass
from enum import StrEnum

from accounts import registry
from accounts.identity.birth_date import BirthDate
from accounts.identity.names import same_family_name, same_given_names
from accounts.identity.nir import Nir
from accounts.models import Member


class Match(StrEnum):
    """How the registry answers; these codes stand in the journal."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    NAME_DIFFERS = "name_differs"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    DECEASED = "deceased"


@dataclass(frozen=True)
class Typed:
    """What the caller says of themselves."""

    nir: Nir
    birth_name: str
    given_names: str
    birth_date: BirthDate


def match(typed: Typed) -> tuple[Match, Member | None]:
    """The outcome, and the member when everything agrees."""
    member = registry.find(typed.nir)
    # A stranger's answers are compared all the same, with nobody's, so that they take a member's time.
    outcome = compare(typed, member or nobody())
    if member is None:
        return Match.UNKNOWN, None
    return outcome, member if outcome is Match.MATCHED else None


def compare(typed: Typed, member: Member) -> Match:
    """All comparisons are made whatever the first one says."""
    family = same_family_name(typed.birth_name, member.birth_name, member.usage_name)
    given = same_given_names(typed.given_names, member.given_names)
    born = typed.birth_date.matches(member.birth_date)
    if member.deceased:
        return Match.DECEASED
    if not (family and given):
        return Match.NAME_DIFFERS
    return Match.MATCHED if born else Match.BIRTH_DATE_DIFFERS


def nobody() -> Member:
    """A member to compare with whom nobody is."""
    member = Member()
    member.dossier = {
        "birth_name": "DE NULLE PART",
        "usage_name": "",
        "given_names": "Personne Aucun",
        "birth_date": "1900-01-01",
    }
    return member
