"""Owns who FranceConnect says is there: its claims as a value (facts B3, FS 10, FS 15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from accounts.identity.masked import Masked
from accounts.identity.pivot import FRANCE, GENDERS, is_a_commune, is_a_country, is_a_name, is_an_email

LONGEST_SUBJECT = 255


class IdentityIncomplete(Exception):
    """The names of the claims that are missing or cannot be read, never their values."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(" ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True, repr=False)
class FederationIdentity(Masked):
    """`issuer` and `subject` recognise; the six pivot items are compared with the registry's; the others are offered.

    Dates are FranceConnect's strings: `birthdate` is whole, an unknown day or month being 01 there (R24).
    """

    issuer: str
    subject: str
    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthcountry: str
    birthplace: str = ""
    email: str = ""
    preferred_username: str = ""

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], *, issuer: str) -> Self:
        """Raises IdentityIncomplete when the pivot is not all there."""
        told = {name: _tidy(claims.get(name)) for name in (*PIVOT, "birthplace", *OFFERED)}
        told["sub"] = claims.get("sub")
        missing = [name for name, holds in PIVOT.items() if not holds(told[name])]
        at_home = told["birthcountry"] == FRANCE
        if not is_a_commune(told["birthplace"]):
            # FS 15: "" or missing when born abroad, and whatever else stands there then is no place of ours.
            told["birthplace"] = ""
            missing += ["birthplace"] if at_home else []
        if missing:
            raise IdentityIncomplete(tuple(missing))
        offered = {name: told[name] if holds(told[name]) else "" for name, holds in OFFERED.items()}
        pivot = {name: told[name] for name in PIVOT if name != "sub"}
        birthplace = told["birthplace"] if at_home else ""
        return cls(issuer=issuer, subject=told["sub"], birthplace=birthplace, **pivot, **offered)


def _tidy(value: object) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _is_a_subject(value: object) -> bool:
    """FS 10: opaque; what may stand in it is Core's business (section 2): ASCII, up to 255."""
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_SUBJECT and value.isascii() and value.isprintable()


def _is_a_day(value: object) -> bool:
    """A whole day of the calendar: FranceConnect completes what the civil records do not know (A7)."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


PIVOT: Mapping[str, Callable[[object], bool]] = {
    "sub": _is_a_subject,
    "given_name": is_a_name,
    "family_name": is_a_name,
    "birthdate": _is_a_day,
    "gender": lambda value: isinstance(value, str) and value in GENDERS,
    "birthcountry": is_a_country,
}
OFFERED: Mapping[str, Callable[[object], bool]] = {"email": is_an_email, "preferred_username": is_a_name}
