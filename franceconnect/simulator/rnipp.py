"""The register of persons (RNIPP), asked at every sign-in: whom it knows, and what it refuses (facts A7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.identity.masked import Masked
from franceconnect.simulator import citizens

FRANCE = "99100"
# FranceConnect's own mock: the last `_` token of the given names chooses the failure.
CHOSEN = re.compile(r"_E(0100[0-9]{2})$")


@dataclass(frozen=True, slots=True, repr=False)
class RnippIdentity(Masked):
    """Civil status as the register writes it; the same whichever provider vouches for the person."""

    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str

    @property
    def claims(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in citizens.PIVOT}


@dataclass(frozen=True)
class Failure:
    """The status of the hub's page, and what the service hears."""

    status: int
    error: str


REFUSED = Failure(403, "access_denied")
UNAVAILABLE = Failure(504, "temporarily_unavailable")
FAILURES: Mapping[str, Failure] = {
    **dict.fromkeys(("Y010004", "Y010006", "Y010007", "Y010008", "Y010009", "Y010015"), REFUSED),
    **dict.fromkeys(("Y010011", "Y010012"), UNAVAILABLE),
    "Y010013": Failure(400, "server_error"),
}


class RnippRefused(Exception):
    """Nobody is vouched for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.failure = code, FAILURES[code]


def ask(claims: Mapping[str, str]) -> RnippIdentity:
    """Found as it is, or found and rectified. Raises RnippRefused."""
    known = citizens.holder_of(claims)
    if code := _failure(claims["given_name"]) or (known.fate if known else ""):
        raise RnippRefused(code)
    return RnippIdentity(
        given_name=(known.register_given_name if known else "") or claims["given_name"],
        family_name=claims["family_name"].upper(),
        birthdate=completed(claims["birthdate"]),
        gender=claims["gender"],
        birthplace=claims.get("birthplace", "") if claims["birthcountry"] == FRANCE else "",
        birthcountry=claims["birthcountry"],
    )


def completed(birthdate: str) -> str:
    """An unknown month or day is 01 (`1992-11-00` → `1992-11-01`)."""
    return birthdate.replace("-00", "-01")


def _failure(given_name: str) -> str:
    chosen = CHOSEN.search(given_name)
    code = f"Y{chosen[1]}" if chosen else ""
    return code if code in FAILURES else ""
