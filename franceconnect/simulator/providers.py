"""Identity providers of the picker: MSA, which is real, and demonstration ones (I03, I05, facts E)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from franceconnect.simulator.knobs import knobs

FILE = Path(__file__).parent / "data" / "identity_providers.csv"
LEVELS = ("eidas1", "eidas2", "eidas3")


@dataclass(frozen=True)
class Provider:
    """`acr` is the level it vouches at; `services_only` and `services_never` are client ids (I05)."""

    slug: str
    name: str
    acr: str
    is_real: bool
    services_only: tuple[str, ...]
    services_never: tuple[str, ...]
    about: str

    @property
    def allowed_acr(self) -> tuple[str, ...]:
        """What it is registered for at the hub (A6)."""
        return tuple(knobs.allowed_acr.split()) if self.is_real else (self.acr,)

    def serves(self, client_id: str) -> bool:
        return client_id not in self.services_never and (not self.services_only or client_id in self.services_only)


@dataclass(frozen=True)
class Choice:
    """A line of the picker; `why_not` is empty when it can be chosen."""

    provider: Provider
    why_not: str


@cache
def providers() -> tuple[Provider, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Provider(
                **{name: row[name] for name in ("slug", "name", "acr", "about")},
                is_real=row["is_real"] == "1",
                services_only=tuple(row["services_only"].split()),
                services_never=tuple(row["services_never"].split()),
            )
            for row in csv.DictReader(file)
        )


def find(slug: str) -> Provider | None:
    return next((each for each in providers() if each.slug == slug), None)


def choices(client_id: str, *, acr: str) -> tuple[Choice, ...]:
    """What a visitor of this service sees, at the level that it asks for."""
    return tuple(Choice(each, why_not(each, acr=acr)) for each in providers() if each.serves(client_id))


def why_not(provider: Provider, *, acr: str) -> str:
    """Why it is greyed out."""
    if provider.slug in knobs.disabled_providers:
        return "Momentanément indisponible"
    if level(provider.acr) < level(acr):
        return "Niveau de sécurité trop bas pour ce service"
    if is_too_low_when_suspicious(provider.acr):
        return "Non proposé\u00a0: votre connexion semble inhabituelle"
    return ""


def is_too_low_when_suspicious(acr: str) -> bool:
    """A6: in a suspicious context nothing below eidas2 will do."""
    return knobs.suspicious and level(acr) < level("eidas2")


def level(acr: str) -> int:
    """1, 2, 3; 0 for what is no level."""
    return LEVELS.index(acr) + 1 if acr in LEVELS else 0
