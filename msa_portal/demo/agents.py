"""The demonstration's agents: made-up people, one for each role, whose second factor anybody can read on a page."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1

from django.conf import settings
from django.db import transaction
from django_otp.oath import TOTP

from accounts.identity.caisses import CAISSES
from accounts.models import Account, Agent, Authenticator, Role, login_of_agent
from accounts.support.door.second_factor import Seed
from msa_portal.demo.personas import DEMO_PASSWORD
from msa_portal.environment import Mode


@dataclass(frozen=True)
class DemoAgent:
    """Somebody to be at the support desk."""

    slug: str
    name: str
    role: Role
    caisse: str
    why: str
    # What somebody who is them may try, in three steps.
    walk: str

    @property
    def email(self) -> str:
        return f"{self.slug}@msa.example"

    @property
    def caisse_name(self) -> str:
        return CAISSES[self.caisse].name if self.caisse else "toutes"

    @property
    def seed(self) -> Seed:
        """Protects nobody: it is written beside the name."""
        return Seed(sha1(f"demonstration {self.slug}".encode(), usedforsecurity=False).digest())

    def code(self, *, now: datetime) -> str:
        """What their telephone would show."""
        totp = TOTP(self.seed.key)
        totp.time = now.timestamp()
        return f"{totp.token():06d}"


AGENTS = (
    DemoAgent(
        "camille.dupre", "Camille Dupré", Role.AGENT, "68",
        "aide les adhérents de la MSA Alsace", "dev/walks/camille.dupre.html",
    ),
    DemoAgent(
        "ines.faure", "Inès Faure", Role.AGENT, "13",
        "aide ceux d'une autre caisse\u00a0: la MSA Provence-Azur", "dev/walks/ines.faure.html",
    ),
    DemoAgent(
        "marc.keller", "Marc Keller", Role.LEAD, "68",
        "ajoute des conseillers, suit les courriers, publie", "dev/walks/marc.keller.html",
    ),
    DemoAgent(
        "sofia.lopez", "Sofia Lopez", Role.NATIONAL, "",
        "voit toutes les caisses", "dev/walks/sofia.lopez.html",
    ),
    DemoAgent(
        "paul.vernier", "Paul Vernier", Role.AUDITOR, "",
        "lit le journal, et rien d'autre", "dev/walks/paul.vernier.html",
    ),
    DemoAgent(
        "lea.marchand", "Léa Marchand", Role.OPERATOR, "",
        "s'occupe des services connectés, des clés et des limites", "dev/walks/lea.marchand.html",
    ),
)  # fmt: skip


class NotHere(Exception):
    """Agents with a known password among real members' files: never."""


def open_desk(*, now: datetime) -> int:
    """Puts them there, unless that was done. Returns how many were missing."""
    if settings.MODE is Mode.PRODUCTION:
        raise NotHere
    return sum(_open(each, now=now) for each in AGENTS)


@transaction.atomic
def _open(somebody: DemoAgent, *, now: datetime) -> bool:
    login = login_of_agent(somebody.email)
    if Account.objects.filter(login_fingerprint=login).exists():
        return False
    account = Account(kind=Account.Kind.AGENT, login_fingerprint=login, email_proven_at=now, created_at=now)
    account.email = somebody.email
    account.set_password(DEMO_PASSWORD)
    account.save(force_insert=True)
    agent = Agent(account=account, role=somebody.role, caisse=somebody.caisse, created_at=now)
    agent.details = {"name": somebody.name}
    agent.save(force_insert=True)
    device = Authenticator(user=account, name="")
    device.seed = somebody.seed.key.hex()
    device.save(force_insert=True)
    return True
