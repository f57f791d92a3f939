"""Everything a service received, line by line: the French label, the value in words, and as it was sent (I09)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from franceconnect.claim_words import LABELS, Shown, shown_as

PARIS = ZoneInfo("Europe/Paris")

# What stands around the identity, in both tokens.
OTHERS = {
    "given_name_array": "Prénoms, un à un",
    "idp_birthdate": "Date de naissance, telle que le compte choisi l'écrit",
    "sub": "Identifiant de la personne pour ce service",
    "acr": "Niveau de sécurité",
    "auth_time": "Identification faite le",
    "nonce": "Nonce de la demande",
    "aud": "Service destinataire",
    "iss": "Émetteur",
    "iat": "Émis le",
    "exp": "Valable jusqu'au",
}
TIMES = frozenset({"iat", "exp", "auth_time"})


def lines(claims: Mapping[str, Any]) -> list[Shown]:
    """In FranceConnect's order; a claim that nobody has heard of comes last, under its own name."""
    known = [name for name in (*LABELS, *OTHERS) if name in claims]
    return [_line(name, claims[name]) for name in (*known, *(name for name in claims if name not in known))]


def moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, PARIS):%d/%m/%Y à %H:%M:%S}"


def _line(name: str, value: Any) -> Shown:
    if name in LABELS:
        return shown_as(name, value)
    if name in TIMES:
        return Shown(name, OTHERS[name], moment(int(value)), str(value))
    return Shown(name, OTHERS.get(name, name), ", ".join(value) if isinstance(value, list) else str(value))
