"""The knobs as a form shows them: French names, what each does, and the values that it may take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from franceconnect.simulator.knobs import SPOILT, Knobs, knobs
from franceconnect.simulator.providers import LEVELS, providers

ONE_YEAR = 366 * 24 * 3600
WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)
YES, NO = {"1", "on", "true", "oui"}, {"", "0", "off", "false", "non"}


class Kind(Enum):
    """How a knob is turned."""

    FLAG = auto()
    CHOICE = auto()
    MANY = auto()
    NUMBER = auto()
    TEXT = auto()


class ValueUnknown(Exception):
    """A knob does not go there; `name` is the knob's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class KnobField:
    """One knob; the words of `choices` are shown, their keys are sent. A number stands `between` two others."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    between: tuple[int, int] = (0, 0)

    @property
    def value(self) -> Any:
        return getattr(knobs, self.name)

    @property
    def chosen(self) -> list[str]:
        """Which choices stand now; a blank-separated text is a list as well."""
        if self.kind is Kind.MANY:
            return self.value.split() if isinstance(self.value, str) else list(self.value)
        return [self.value]

    @property
    def is_turned(self) -> bool:
        return bool(self.value != getattr(Knobs(), self.name))

    @property
    def in_words(self) -> str:
        """How it stands, for the banner on every page."""
        if self.kind is Kind.FLAG:
            return "oui" if self.value else "non"
        if self.choices:
            return ", ".join(self.choices.get(each, each) for each in self.chosen) or "aucun"
        return str(self.value)

    @property
    def widget(self) -> str:
        return self.kind.name.lower()

    def read(self, values: list[str]) -> Any:
        """What was sent, as the knob keeps it. Raises ValueUnknown."""
        last = values[-1].strip() if values else ""
        match self.kind:
            case Kind.FLAG:
                return self._flag(last.lower())
            case Kind.NUMBER:
                return self._number(last)
            case Kind.MANY:
                return self._many(" ".join(values).split())
            case Kind.CHOICE if last not in self.choices:
                raise ValueUnknown(self.name)
        return last

    def _flag(self, text: str) -> bool:
        if text not in YES | NO:
            raise ValueUnknown(self.name)
        return text in YES

    def _number(self, text: str) -> int:
        least, most = self.between
        if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise ValueUnknown(self.name)
        return int(text)

    def _many(self, names: list[str]) -> str | list[str]:
        if set(names) - set(self.choices):
            raise ValueUnknown(self.name)
        return " ".join(names) if isinstance(self.value, str) else names


@dataclass(frozen=True)
class Fieldset:
    """Knobs that turn the same thing."""

    title: str
    fields: tuple[KnobField, ...]


ENDPOINTS = {
    "": "Aucune",
    **{name: name for name in ("authorize", "discovery", "jwks", "token", "userinfo", "revocation", "end_session")},
}
ERRORS = {
    "": "Aucune",
    **{
        name: name
        for name in (
            "access_denied", "server_error", "temporarily_unavailable", "invalid_request",
            "invalid_scope", "invalid_acr", "invalid_idp_hint",
        )
    },
}  # fmt: skip

FIELDSETS = (
    Fieldset(
        "Ce que reçoivent les services",
        (
            KnobField(
                "signing_alg",
                Kind.CHOICE,
                "Signature des jetons pour la MSA",
                choices={"ES256": "ES256", "RS256": "RS256"},
            ),
            KnobField(
                "userinfo_format",
                Kind.CHOICE,
                "Forme de userinfo pour la MSA",
                "FranceConnect envoie toujours un JWT\u00a0; du JSON nu doit être refusé.",
                {"jwt": "JWT signé", "json": "JSON nu"},
            ),
            KnobField(
                "spoil",
                Kind.CHOICE,
                "Réponse faussée",
                "Une attaque ou une panne à la fois\u00a0; la MSA doit refuser et ne rien créer.",
                {"": "Aucune", **SPOILT},
            ),
            KnobField(
                "lose_state",
                Kind.FLAG,
                "Le paramètre state se perd",
                "Au retour vers le service, et au retour de la MSA.",
            ),
            KnobField(
                "error",
                Kind.CHOICE,
                "Erreur en réponse à la prochaine demande",
                "Elle sert une fois, quoi que fasse la personne.",
                ERRORS,
            ),
            KnobField("error_description", Kind.TEXT, "Description de cette erreur"),
        ),
    ),
    Fieldset(
        "Le choix du compte",
        (
            KnobField(
                "disabled_providers",
                Kind.MANY,
                "Fournisseurs d'identité désactivés",
                choices={each.slug: each.name for each in providers()},
            ),
            KnobField(
                "suspicious",
                Kind.FLAG,
                "La connexion semble inhabituelle",
                "Les fournisseurs en dessous d'eidas2 ne peuvent plus servir, MSA compris.",
            ),
        ),
    ),
    Fieldset(
        "Ce que FranceConnect attend de la MSA, fournisseur d'identité",
        (
            KnobField(
                "provider_alg",
                Kind.CHOICE,
                "Signature attendue de l'id_token",
                choices={"ES256": "ES256", "RS256": "RS256", "HS256": "HS256"},
            ),
            KnobField(
                "provider_userinfo",
                Kind.CHOICE,
                "Forme attendue de userinfo",
                choices={"jwt": "JWT signé", "json": "JSON nu"},
            ),
            KnobField(
                "provider_encryption",
                Kind.CHOICE,
                "Chiffrement attendu",
                choices={"": "Aucun", "ECDH-ES": "ECDH-ES", "RSA-OAEP-256": "RSA-OAEP-256"},
            ),
            KnobField(
                "allowed_acr",
                Kind.MANY,
                "Niveaux eIDAS de la MSA",
                "Ceux pour lesquels FranceConnect l'a enregistrée\u00a0; un autre donne Y100018.",
                {each: each for each in LEVELS},
            ),
        ),
    ),
    Fieldset(
        "La session",
        (
            KnobField(
                "sso",
                Kind.FLAG,
                "Un service après l'autre sans se réidentifier",
                "Pendant 30 minutes, un deuxième service ne demande plus de choisir un compte.",
            ),
            KnobField("ask_consent", Kind.FLAG, "La page «\u00a0Bienvenue\u00a0» est montrée"),
            KnobField("notify", Kind.FLAG, "Un e-mail part après chaque connexion"),
        ),
    ),
    Fieldset(
        "L'horloge",
        (
            KnobField(
                "clock_skew",
                Kind.NUMBER,
                "Décalage de l'horloge, en secondes",
                "Négatif\u00a0: elle retarde.",
                between=(-ONE_YEAR, ONE_YEAR),
            ),
            KnobField(
                "clock_held",
                Kind.NUMBER,
                "Horloge arrêtée à cette seconde",
                "Comptée depuis 1970\u00a0; 0\u00a0: elle marche.",
                between=(0, 4_102_444_800),  # the year 2100
            ),
        ),
    ),
    Fieldset(
        "Les pannes",
        (
            KnobField("slow_endpoint", Kind.CHOICE, "Adresse lente", choices=ENDPOINTS),
            KnobField("slow_seconds", Kind.NUMBER, "Lente de combien de secondes", between=(0, 60)),
            KnobField("failing_endpoint", Kind.CHOICE, "Adresse en panne", choices=ENDPOINTS),
            KnobField("failing_status", Kind.NUMBER, "Code HTTP de la panne", between=(400, 599)),
        ),
    ),
    Fieldset(
        "Le portail",
        (
            KnobField(
                "portal_url",
                Kind.TEXT,
                "Adresse du portail",
                "Vide\u00a0: celle que le simulateur a reçue à son démarrage.",
            ),
        ),
    ),
)
FIELDS = {each.name: each for fieldset in FIELDSETS for each in fieldset.fields}


def turned() -> tuple[KnobField, ...]:
    """Those off their place, where a tester may have left them."""
    return tuple(each for each in FIELDS.values() if each.is_turned)
