"""Who works at the support desk: their role, their second factor, the files they opened."""

import time
import uuid

from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from accounts.identity.caisses import CAISSES
from accounts.models.account import Account
from accounts.models.registry import Member
from accounts.sealed import SealedField, fingerprint


class Role(models.TextChoices):
    """What an agent may do; the table of it is accounts.support.roles."""

    AGENT = "agent", "conseiller"
    LEAD = "lead", "responsable de caisse"
    NATIONAL = "national", "assistance nationale"
    AUDITOR = "auditor", "auditeur"
    OPERATOR = "operator", "exploitant technique"


OF_A_CAISSE = (Role.AGENT, Role.LEAD)
CODE_LENGTH = 6


def login_of_agent(address: str) -> bytes:
    """The login fingerprint of an agent, however the capitals of the e-mail were typed."""
    return fingerprint("agent", address.strip().lower())


class Agent(models.Model):
    """An account of the support desk. Agents and leads see their caisse's departments only."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="agent")
    role = models.CharField("rôle", max_length=8, choices=Role)
    caisse = models.CharField(max_length=3, blank=True)
    # name; the e-mail is the account's
    details = SealedField()
    created_at = models.DateTimeField()
    # Leaving ends every session and every permission at once.
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "conseiller"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=OF_A_CAISSE) ^ models.Q(caisse=""), name="a_caisse_goes_with_its_roles"
            )
        ]

    def __str__(self) -> str:
        return f"conseiller {self.pk}"

    @property
    def name(self) -> str:
        return str(self.details["name"])

    @property
    def caisse_name(self) -> str:
        return CAISSES[self.caisse].name if self.caisse else ""

    @property
    def is_present(self) -> bool:
        return self.left_at is None


class Authenticator(TimestampMixin, ThrottlingMixin, Device):
    """An application that shows a new code every 30 seconds (RFC 6238); its seed is sealed, unlike the library's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seed = SealedField()
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)

    class Meta(Device.Meta):
        verbose_name = "application de codes"
        constraints = [models.UniqueConstraint(fields=["user"], name="an_agent_has_one_authenticator")]

    def get_throttle_factor(self) -> int:
        """None of the library's, whose wait grows for ever: accounts.throttling counts each try before."""
        return 0

    def verify_token(self, token: str) -> bool:
        """Whether this is the code of now, of 30 seconds ago or in 30 seconds; none serves twice.

        Called by django_otp.match_token and verify_token only, which lock the row.
        """
        if not self.verify_is_allowed()[0]:
            return False
        totp = TOTP(bytes.fromhex(self.seed), drift=self.drift)
        totp.time = time.time()
        is_a_code = len(token) == CODE_LENGTH and token.isascii() and token.isdigit()
        if not (is_a_code and totp.verify(int(token), 1, self.last_t + 1)):
            self.throttle_increment()
            return False
        self.last_t, self.drift = totp.t(), totp.drift
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True


class Consultation(models.Model):
    """An agent opened a member's file, for a reason; the member may read it (R16: 36 months)."""

    class Reason(models.TextChoices):
        CALL = "call", "appel de l'adhérent"
        COUNTER = "counter", "accueil au guichet"
        WRITTEN = "written", "courrier ou email de l'adhérent"
        REQUEST = "request", "demande à traiter"
        SAFETY = "safety", "vérification de sécurité"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consultations")
    caisse = models.CharField(max_length=3, blank=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consultations")
    reason = models.CharField("motif", max_length=8, choices=Reason)
    at = models.DateTimeField()
    # Until then the same agent is not asked again.
    until = models.DateTimeField()
    # When the whole NIR was shown, for a reason of its own.
    nir_shown_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "consultation"
        indexes = [
            models.Index(fields=["member", "-at"], name="consultations_of_a_member"),
            models.Index(fields=["agent", "member", "-until"], name="open_consultations"),
        ]

    def __str__(self) -> str:
        return f"consultation {self.pk}"
