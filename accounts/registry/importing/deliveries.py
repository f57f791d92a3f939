"""The four files of the contract: their columns, how a line is read, where it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Model

from accounts.models import Affiliation, Member, Payment, VitaleCard
from accounts.registry.importing import rows


class Kind(Enum):
    """What a staged column holds."""

    BYTES = "bytes"
    TEXT = "text"
    FLAG = "flag"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True)
class Delivery:
    """One file: `columns` gives the longest value of each; `staged` the columns of the rows that `read` makes."""

    name: str
    columns: dict[str, int]
    read: Callable[[list[str], date], rows.Row]
    model: type[Model]
    staged: dict[str, Kind]
    # Two lines that agree on these are one too many; none: a line may stand twice, as a refund does.
    unique: tuple[str, ...] = ()
    # Staged columns that may hold nothing.
    optional: frozenset[str] = frozenset()

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def table(self) -> str:
        return self.model._meta.db_table


MEMBERS = Delivery(
    name="members",
    columns={
        "nir": 13,
        "nir_status": 12,
        "birth_name": 100,
        "usage_name": 100,
        "given_names": 200,
        "gender": 6,
        "birth_date": 10,
        "birth_place": 5,
        "birth_country": 5,
        "deceased_on": 10,
        "address": 250,
        "postcode": 12,
        "city": 100,
    },
    read=rows.member,
    model=Member,
    staged={
        "nir_fingerprint": Kind.BYTES,
        "birth_fingerprint": Kind.BYTES,
        "nir_status": Kind.TEXT,
        "deceased": Kind.FLAG,
        "dossier": Kind.BYTES,
        "digest": Kind.BYTES,
    },
    unique=("nir_fingerprint",),
)

AFFILIATIONS = Delivery(
    name="affiliations",
    columns={"nir": 13, "department": 3, "profile": 24, "health_cover": 1, "since": 10, "until": 10},
    read=rows.affiliation,
    model=Affiliation,
    staged={
        "nir_fingerprint": Kind.BYTES,
        "department": Kind.TEXT,
        "profile": Kind.TEXT,
        "health_cover": Kind.FLAG,
        "since": Kind.DAY,
        "until": Kind.DAY,
    },
    unique=("member_id", "department", "profile"),
    optional=frozenset(("until",)),
)

VITALE_CARDS = Delivery(
    name="vitale_cards",
    columns={"nir": 13, "kind": 8, "serial": 13, "issued_on": 10, "revoked_on": 10},
    read=rows.vitale_card,
    model=VitaleCard,
    staged={
        "nir_fingerprint": Kind.BYTES,
        "kind": Kind.TEXT,
        "serial_fingerprint": Kind.BYTES,
        "issued_on": Kind.DAY,
        "revoked_on": Kind.DAY,
    },
    unique=("member_id", "kind", "serial_fingerprint"),
    optional=frozenset(("issued_on", "revoked_on")),
)

PAYMENTS = Delivery(
    name="payments",
    columns={"nir": 13, "department": 3, "paid_on": 10, "kind": 24, "label": 80, "amount_cents": 12},
    read=rows.payment,
    model=Payment,
    staged={
        "nir_fingerprint": Kind.BYTES,
        "department": Kind.TEXT,
        "paid_on": Kind.DAY,
        "kind": Kind.TEXT,
        "label": Kind.TEXT,
        "amount_cents": Kind.NUMBER,
    },
)

# Members first: the others are theirs.
DELIVERIES = (MEMBERS, AFFILIATIONS, VITALE_CARDS, PAYMENTS)
