"""Puts the demonstration's members into the registry, by the registry's own import, and opens the accounts of some."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.phone import Phone
from accounts.models import Account, Member, login_of_nir
from accounts.registry import import_directory
from franceconnect import keys
from msa_portal.demo import agents, associated, federation
from msa_portal.demo.personas import DEMO_PASSWORD, Somebody, personas, registry_files

STAMP = "imported.sha256"


class NotLoaded(Exception):
    """The demonstration's own files were refused: a fault of ours."""


@dataclass(frozen=True)
class Seeded:
    """What a run changed."""

    imported: bool
    accounts: int


def seed(*, now: datetime) -> Seeded:
    """Idempotent: a second run on the same day writes nothing, not even to the journal."""
    today = timezone.localdate(now)
    imported = load_registry(today=today, now=now)
    opened = [open_account(persona, now=now) for persona in personas(today=today) if persona.is_registered]
    associated.associate(now=now)
    agents.open_desk(now=now)
    keys.ensure(now=now)
    federation.register_hub(now=now)
    return Seeded(imported, sum(opened))


def load_registry(*, today: date, now: datetime) -> bool:
    """Import the members of this day, unless that was done. Returns whether it was needed."""
    folder = settings.VAR_DIR / "personas"
    files = registry_files(today=today)
    stamp = sha256(b"".join(files.values())).hexdigest()
    if _loaded(folder / STAMP, stamp, today):
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if not all(outcome.is_clean and outcome.present for outcome in list(import_directory(folder, now=now))):
        raise NotLoaded(f"see {folder / 'rejects.csv'}")
    (folder / STAMP).write_text(stamp, encoding="ascii")
    return True


def _loaded(path: Path, stamp: str, today: date) -> bool:
    """The stamp tells what was imported; the members tell that it was into this database, with these keys."""
    if not path.exists() or path.read_text(encoding="ascii") != stamp:
        return False
    marks = [login_of_nir(persona.nir.number) for persona in personas(today=today)]
    return Member.objects.filter(nir_fingerprint__in=marks).count() == len(marks)


@transaction.atomic
def open_account(somebody: Somebody, *, now: datetime) -> bool:
    """An account as one stands after a whole first sign-in. Returns whether there was none."""
    login = login_of_nir(somebody.nir.number)
    if Account.objects.filter(login_fingerprint=login).exists():
        return False
    account = Account(
        login_fingerprint=login,
        member=Member.objects.get(nir_fingerprint=login),
        terms_version=settings.TERMS_VERSION,
        terms_accepted_at=now,
        email_proven_at=now,
        contact_confirmed_at=now,
        created_at=now,
    )
    account.email, account.mobile = somebody.email, Phone.parse(somebody.mobile).e164
    account.set_password(DEMO_PASSWORD)
    account.save(force_insert=True)
    return True
