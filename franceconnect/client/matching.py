"""Whether FranceConnect's civil status and a number are one member of the registry (I11, R24, FS 12 to 15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts import journal, registry
from accounts.identity.birth_date import BirthDate
from accounts.identity.names import joined
from accounts.identity.nir import Nir
from accounts.identity.pivot import FRANCE
from accounts.models import Event, Member
from accounts.throttling import (
    FRANCECONNECT_NETWORK,
    FRANCECONNECT_NIR,
    FRANCECONNECT_NIR_DAY,
    TooManyAttempts,
    forgive,
    give_back,
    take,
    wait_of,
)
from franceconnect.client.identity import FederationIdentity


class Match(StrEnum):
    """How the registry answers; these codes stand in the journal, and no page tells them apart (R5)."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    DECEASED = "deceased"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Comparison:
    """The outcome, and the names of the items that are not the same."""

    match: Match
    differing: tuple[str, ...] = ()


class NotMatched(Exception):
    """It is not said why. So many tries are left, or else so many seconds to wait."""

    def __init__(self, tries_left: int, wait: int) -> None:
        super().__init__("not_matched")
        self.tries_left, self.wait = tries_left, wait


def attempt(identity: FederationIdentity, nir: Nir, *, network: str, now: datetime) -> Member:
    """The member who has both; each try counts (R12). Raises NotMatched, or TooManyAttempts before anything is read."""
    person = f"{identity.issuer} {identity.subject}"
    limits = ((FRANCECONNECT_NIR, person), (FRANCECONNECT_NIR_DAY, person), (FRANCECONNECT_NETWORK, network))
    try:
        left = take(*limits, now=now)
    except TooManyAttempts as reached:
        detail = {"outcome": "too_many", "limit": reached.limit.name}
        journal.record(Event.FRANCECONNECT_NOT_MATCHED, detail=detail, now=now)
        raise
    found, member = match(identity, nir)
    if member is None:
        refused(found, now=now)
        raise NotMatched(left, 0 if left else wait_of(*limits, now=now))
    forgive(limits[0])
    give_back(*limits[1:])
    return member


def refused(found: Comparison, *, now: datetime) -> None:
    """One line, of codes; nobody's account: whoever has this number may never have been here."""
    detail = {"outcome": found.match, **({"fields": list(found.differing)} if found.differing else {})}
    journal.record(Event.FRANCECONNECT_NOT_MATCHED, detail=detail, now=now)


def match(identity: FederationIdentity, nir: Nir) -> tuple[Comparison, Member | None]:
    """The outcome, and the member when everything agrees. A NIR alone finds nobody; an e-mail is not even read."""
    member = registry.find(nir)
    # A stranger's identity is compared all the same, with nobody's, so that it takes a member's time.
    found = compare(identity, member or nobody())
    if member is None:
        return Comparison(Match.UNKNOWN), None
    return found, member if found.match is Match.MATCHED else None


def compare(identity: FederationIdentity, member: Member) -> Comparison:
    """All comparisons are made whatever the first one says."""
    differing = differences(identity, member)
    if member.deceased:
        return Comparison(Match.DECEASED)
    return Comparison(Match.DIFFERS, differing) if differing else Comparison(Match.MATCHED)


def differences(identity: FederationIdentity, member: Member) -> tuple[str, ...]:
    """The names of the pivot items in which the two differ; none is left out of the comparison (FS 12)."""
    return tuple([name for name, same in PIVOT.items() if not same(identity, member)])


def same_birth_date(told: str, registered: BirthDate) -> bool:
    """Equal, or presumed: FranceConnect writes 01 for a day or a month that nobody knows (A7, FS 14)."""
    presumed = f"{registered.year:04d}-{registered.month or 1:02d}-{registered.day or 1:02d}"
    return told in (registered.iso, presumed)


def same_birth_place(identity: FederationIdentity, member: Member) -> bool:
    """FS 15: of somebody born abroad, the country alone."""
    return identity.birthcountry != FRANCE or identity.birthplace == member.dossier["birth_place"]


# R24: the civil status is the birth name, never the usage name, and all given names, in their order.
PIVOT: Mapping[str, Callable[[FederationIdentity, Member], bool]] = {
    "family_name": lambda told, member: joined(told.family_name) == joined(member.birth_name) != "",
    "given_name": lambda told, member: joined(told.given_name) == joined(member.given_names) != "",
    "birthdate": lambda told, member: same_birth_date(told.birthdate, member.birth_date),
    "gender": lambda told, member: told.gender == member.gender,
    "birthcountry": lambda told, member: told.birthcountry == member.dossier["birth_country"],
    "birthplace": same_birth_place,
}


def nobody() -> Member:
    """A member to compare with whom nobody is."""
    member = Member()
    member.dossier = {
        "birth_name": "DE NULLE PART",
        "given_names": "Personne Aucun",
        "birth_date": "1900-01-01",
        "gender": "",
        "birth_place": "",
        "birth_country": "",
    }
    return member
