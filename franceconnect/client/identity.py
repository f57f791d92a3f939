"""Owns who FranceConnect says is there: its claims as a value (facts B3, FS 10, FS 15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from accounts.identity.masked import Masked


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
        raise NotImplementedError
