"""A proof received by e-mail or letter: only its fingerprint is kept."""

import uuid

from django.db import models

from accounts.models.account import Account
from accounts.sealed import SealedField


class Code(models.Model):
    """One secret issued to one account for one purpose, consumed by one conditional UPDATE (R13)."""

    class Purpose(models.TextChoices):
        TEMPORARY_PASSWORD = "temporary_password", "mot de passe provisoire"
        PASSWORD_RESET = "password_reset", "nouveau mot de passe"
        EMAIL_PROOF = "email_proof", "preuve de l'adresse e-mail"
        EMAIL_LINK = "email_link", "lien de changement d'e-mail"
        EMAIL_UNDO = "email_undo", "annulation d'un changement d'e-mail"
        NOT_ME = "not_me", "« Ce n'est pas moi »"
        DEPARTMENT = "department", "code d'un département"
        AGENT_SETUP = "agent_setup", "première connexion d'un conseiller"
        AGENT_HALF_WAY = "agent_half_way", "première moitié de la connexion d'un conseiller"
        AGENT_RECOVERY = "agent_recovery", "code de secours d'un conseiller"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    secret_fingerprint = models.BinaryField(max_length=32, db_index=True, editable=False)
    # What the code carries, e.g. the new address it proves.
    subject = SealedField(null=True)
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # A temporary password belongs to the first browser that signs in with it, until it is personalised there.
    browser = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        verbose_name = "code"
        indexes = [models.Index(fields=["account", "purpose"], name="codes_of_an_account")]

    def __str__(self) -> str:
        return f"code {self.purpose}"
