"""The demonstration's made-up members in a test: `persona("lamy")` is the member and what they would type."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import models
from django.utils import timezone

from accounts.identity.nir import Nir
from accounts.models import Account, Entry, Event, Member, login_of_nir
from accounts.registry import import_directory
from accounts.templatetags.french import euros
from msa_portal.demo.personas import Persona, personas, registry_files
from msa_portal.demo.seeding import open_account


@dataclass(frozen=True)
class Known:
    """A member of the test's registry, and their answers as form fields take them."""

    persona: Persona
    member: Member
    account: Account | None

    @property
    def nir(self) -> Nir:
        return self.persona.nir

    @property
    def birth_date(self) -> str:
        return self.persona.birth_date.typed

    @property
    def vitale_serial(self) -> str:
        return self.persona.card.serial if self.persona.card else ""

    @property
    def amount(self) -> str:
        """« 59,00 € », the newest that proves something; nothing when none does."""
        telling = self.persona.telling_payments
        return euros(telling[0].amount_cents) if telling else ""

    @property
    def typed(self) -> dict[str, str]:
        """Every answer under the name of its field."""
        persona = self.persona
        return {
            "profile": persona.profile,
            "nir": persona.nir.grouped,
            "birth_name": persona.birth_name,
            "given_names": persona.given_names,
            "birth_date": self.birth_date,
            "email": persona.email,
            "mobile": persona.mobile,
            "health_cover": "yes" if persona.has_health_cover else "no",
            "card_kind": persona.card.kind.value if persona.card else "none",
            "vitale_serial": self.vitale_serial,
            "amount": self.amount,
        }


def persona(slug: str) -> Known:
    """Loads one persona, payments relative to the test's clock, with an account when they are already registered."""
    now = timezone.now()
    found = next(each for each in personas(today=timezone.localdate()) if each.slug == slug)
    load(found.nir)
    if found.is_registered:
        open_account(found, now=now)
    member = Member.objects.get(nir_fingerprint=login_of_nir(found.nir.number))
    return Known(found, member, Account.objects.filter(member=member).first())


def load(nir: Nir) -> None:
    """The registry's own import, on the lines of one member."""
    with TemporaryDirectory() as folder:
        for name, content in registry_files(today=timezone.localdate()).items():
            header, *lines = content.splitlines(keepends=True)
            own = [line for line in lines if line.startswith(nir.number.encode())]
            Path(folder, name).write_bytes(header + b"".join(own))
        outcomes = list(import_directory(Path(folder), now=timezone.now()))
    assert all(outcome.is_clean for outcome in outcomes)
    # A test's journal begins with what the test does.
    models.QuerySet(Entry).filter(event=Event.REGISTRY_IMPORTED).delete()
