"""The demonstration's members: made-up people, one for each branch of the journeys (accounts/data/personas)."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Protocol

from django.conf import settings

from accounts.identity.birth_date import BirthDate
from accounts.identity.caisses import Department, department
from accounts.identity.nir import Nir
from accounts.identity.vitale import CardKind
from accounts.models import Profile
from enrolment.proofs import months_before

FOLDER = settings.BASE_DIR / "accounts" / "data" / "personas"
REGISTRY_FILES = ("members.csv", "affiliations.csv", "vitale_cards.csv", "payments.csv")
# Protects nobody: it is written on the page that lists these people.
DEMO_PASSWORD = "Moisson-2026-Or!"
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Role:
    """What a persona is for one department."""

    department: Department
    profile: str
    health_cover: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A carte Vitale as its bearer reads it."""

    kind: CardKind
    serial: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment on the day on which it falls for this demonstration."""

    department: str
    paid_on: date
    label: str
    amount_cents: int


class Somebody(Protocol):
    """Whoever can have an account here: a number, and how they are reached."""

    @property
    def nir(self) -> Nir: ...

    @property
    def email(self) -> str: ...

    @property
    def mobile(self) -> str: ...


@dataclass(frozen=True)
class Persona:
    """One made-up member, with everything that they would type."""

    slug: str
    nir: Nir
    status: str
    birth_name: str
    usage_name: str
    given_names: str
    birth_date: BirthDate
    is_deceased: bool
    has_address: bool
    email: str
    mobile: str
    is_registered: bool
    why: str
    roles: tuple[Role, ...]
    cards: tuple[Card, ...]
    payments: tuple[Paid, ...]
    today: date

    @property
    def departments(self) -> tuple[Department, ...]:
        return tuple(dict.fromkeys(role.department for role in self.roles))

    @property
    def profile(self) -> str:
        """What they choose on the first page of the registration."""
        return self.roles[0].profile

    @property
    def profile_label(self) -> str:
        return str(Profile(self.profile).label).capitalize()

    @property
    def has_health_cover(self) -> bool:
        return any(role.health_cover for role in self.roles)

    @property
    def card(self) -> Card | None:
        """The card that proves who they are."""
        return next((card for card in self.cards if not card.is_revoked), None)

    @property
    def recent_payments(self) -> tuple[Paid, ...]:
        """Those of the last six months, newest first."""
        since = months_before(self.today, settings.PAYMENT_PROOF_MONTHS)
        recent = (paid for paid in self.payments if since <= paid.paid_on <= self.today)
        return tuple(sorted(recent, key=lambda paid: (paid.paid_on, paid.amount_cents), reverse=True))

    @property
    def telling_payments(self) -> tuple[Paid, ...]:
        """Those whose amount proves who they are (R4)."""
        large = (paid for paid in self.recent_payments if paid.amount_cents >= settings.PAYMENT_PROOF_FLOOR_CENTS)
        return tuple(large) or self.recent_payments


def personas(*, today: date) -> tuple[Persona, ...]:
    """All of them, in the order in which they are told."""
    return tuple(_persona(row, today) for row in _rows("personas.csv"))


def registry_files(*, today: date) -> dict[str, bytes]:
    """The four deliveries of these members in the registry's format, with payments that are recent on this day."""
    return {name: _as_csv(name, today) for name in REGISTRY_FILES}


def _persona(row: Row, today: date) -> Persona:
    (member,) = _of("members.csv", row["nir"])
    return Persona(
        slug=row["slug"],
        nir=Nir.parse(row["nir"]),
        status=member["nir_status"],
        birth_name=member["birth_name"],
        usage_name=member["usage_name"],
        given_names=member["given_names"],
        birth_date=BirthDate.from_iso(member["birth_date"]),
        is_deceased=bool(member["deceased_on"]),
        has_address=bool(member["address"]),
        email=row["email"],
        mobile=row["mobile"],
        is_registered=row["registered"] == "1",
        why=row["why"],
        roles=tuple(_role(each) for each in _of("affiliations.csv", row["nir"])),
        cards=tuple(_card(each) for each in _of("vitale_cards.csv", row["nir"])),
        payments=tuple(_paid(each, today) for each in _of("payments.csv", row["nir"])),
        today=today,
    )


def _role(row: Row) -> Role:
    return Role(department(row["department"]), row["profile"], row["health_cover"] == "1")


def _card(row: Row) -> Card:
    return Card(CardKind(row["kind"]), row["serial"], bool(row["revoked_on"]))


def _paid(row: Row, today: date) -> Paid:
    return Paid(row["department"], _day(row["paid_on"], today), row["label"], int(row["amount_cents"]))


def _day(text: str, today: date) -> date:
    """A date, or `-12` for twelve days ago: a proof of the last six months must not grow old."""
    return today + timedelta(days=int(text)) if text.startswith("-") else date.fromisoformat(text)


def _as_csv(name: str, today: date) -> bytes:
    rows = _rows(name)
    if name == "payments.csv":
        rows = tuple({**row, "paid_on": _day(row["paid_on"], today).isoformat()} for row in rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _of(name: str, nir: str) -> list[Row]:
    return [row for row in _rows(name) if row["nir"] == nir]


@cache
def _rows(name: str) -> tuple[Row, ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
