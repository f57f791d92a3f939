"""What a caller has answered so far, as values: the journey's memory without its database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.identity.birth_date import BirthDate
from accounts.identity.email import Email
from accounts.identity.nir import Nir

# What was proven, or confirmed on the strength of it: asked again once an earlier answer changes.
PROOFS = ("numero-de-serie", "paiement")
RESTS_ON_PROOF = frozenset({*PROOFS, "mot-de-passe", "conditions"})


@dataclass(frozen=True)
class Answers:
    """Slug → what that step kept, and how many wrong proofs are left."""

    kept: Mapping[str, Mapping[str, Any]]
    tries_left: int = 0

    def has(self, slug: str) -> bool:
        return slug in self.kept

    def of(self, slug: str) -> Mapping[str, Any]:
        return self.kept.get(slug, {})

    @property
    def profile(self) -> str:
        return self.of("profil").get("profile", "")

    @property
    def asks_for_a_request(self) -> bool:
        """Companies and « Autre » cannot register themselves (R1)."""
        return self.profile in ("company", "other")

    @property
    def nir(self) -> Nir | None:
        number = self.of("identifiant").get("nir")
        return Nir(number) if number else None

    @property
    def birth_date(self) -> BirthDate | None:
        iso = self.of("coordonnees").get("birth_date")
        return BirthDate.from_iso(iso) if iso else None

    @property
    def email(self) -> str:
        return self.of("coordonnees").get("email", "")

    @property
    def suggested_email(self) -> str | None:
        """The address probably meant, when the provider's name looks misspelt."""
        return Email(self.email).suggestion if self.email else None

    @property
    def has_account_already(self) -> bool:
        return bool(self.of("identifiant").get("existing"))

    @property
    def has_health_cover(self) -> bool:
        return self.of("affiliation").get("health_cover") == "yes"

    @property
    def card_kind(self) -> str:
        return self.of("carte-vitale").get("card_kind", "")

    @property
    def cannot_read_serial(self) -> bool:
        return bool(self.of("numero-de-serie").get("unreadable"))

    @property
    def is_proven(self) -> bool:
        return any(self.of(slug).get("proven") for slug in PROOFS)

    @property
    def asks_questions(self) -> bool:
        """Whether an identity question still has a meaning for this caller."""
        return not self.asks_for_a_request and (self.tries_left > 0 or self.is_proven)

    @property
    def caisse_always_writes(self) -> bool:
        """Proven, but known to a caisse that sends every provisional password by post."""
        return any(self.of(slug).get("by_post") for slug in PROOFS)

    @property
    def goes_by_post(self) -> bool:
        """No answer possible, or none left: the password goes to the address the MSA knows (R5)."""
        return not self.is_proven and (self.tries_left == 0 or bool(self.of("paiement").get("cannot_answer")))
