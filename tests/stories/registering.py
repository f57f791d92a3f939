"""Somebody who registers: from page to page with the answers of a persona, or other ones, to where they are told."""

from typing import Self

from django.utils import timezone

from accounts import outbox
from tests.personas import Known, persona
from tests.stories.caller import Caller

FIELDS = {
    "profil": ("profile",),
    "identifiant": ("nir",),
    "munissez-vous": (),
    "coordonnees": ("birth_name", "given_names", "birth_date", "email", "mobile"),
    "verification": (),
    "affiliation": ("health_cover",),
    "carte-vitale": ("card_kind",),
    "numero-de-serie": ("vitale_serial",),
    "paiement": ("amount",),
    "mot-de-passe": (),
    "conditions": (),
    "demande": ("name", "function", "siret", "email", "phone", "department"),
}
FINISH = "Finaliser mon inscription en acceptant les conditions générales d'utilisation"
UNREADABLE = "Je n'arrive pas à lire ce numéro"
CANNOT_ANSWER = "écrivez-moi par courrier"
COMPANY = {
    "name": "Odile Vasseur",
    "function": "gérante",
    "siret": "732 829 320 00074",
    "phone": "01 99 00 12 34",
    "department": "67",
}


class Registrant(Caller):
    """A caller who knows what to answer."""

    def __init__(self, answers: dict[str, str], address: str = "192.0.2.10") -> None:
        super().__init__(address)
        self.answers = answers

    @property
    def slug(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]

    def answer(self, **other: str) -> Self:
        """Fill in the page that is there, from memory or otherwise, and go on."""
        given = {name: self.answers[name] for name in FIELDS[self.slug]} | other
        if self.slug != "conditions":
            return self.press("Suivant", **given)
        self.press(FINISH)
        # What is decided beside the requests has its turn.
        outbox.sweep(now=timezone.now())
        return self

    def start(self) -> Self:
        return self.visit("/inscription/")

    def until(self, slug: str, **other: str) -> Self:
        """From here, or from the beginning, to this page. `other` answers hold from now on."""
        self.answers = self.answers | other
        if not self.path.startswith("/inscription/"):
            self.start()
        for _ in range(len(FIELDS)):
            if self.slug == slug:
                return self
            before = self.slug
            self.answer()
            assert self.slug != before, f"stuck at {self.path}: {self.text[:800]}"
        raise AssertionError(f"{slug} is not on the way, the caller stands at {self.path}")

    def finish(self, **other: str) -> Self:
        return self.until("terminee", **other)


def registrant(slug: str, *, address: str = "192.0.2.10", **other: str) -> tuple[Registrant, Known]:
    """A persona of the registry, at the keyboard."""
    known = persona(slug)
    return Registrant(known.typed | other, address), known
