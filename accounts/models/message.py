"""What we send: e-mails and letters, written in the transaction of their cause and sent after it (R23)."""

import uuid

from django.db import models

from accounts.models.account import Account
from accounts.models.registry import Member
from accounts.sealed import SealedField


class Email(models.Model):
    """One e-mail, its text sealed until the mail server has taken it, then forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="emails")
    # to, subject, text, html; or what is to be answered beside the requests (accounts.outbox.answers).
    content = SealedField(null=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Also the lease of the worker that is sending it: nobody else takes it before.
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "e-mail"
        indexes = [
            models.Index(
                fields=["due_at"],
                name="emails_to_send",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"e-mail {self.kind}"


class Letter(models.Model):
    """One letter in the queue of a caisse; its text and any secret in it are forgotten once printed."""

    class Kind(models.TextChoices):
        TEMPORARY_PASSWORD = "temporary_password", "mot de passe provisoire"
        REGISTRATION_CONFIRMATION = "registration_confirmation", "confirmation d'inscription"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=Kind)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="letters")
    department = models.CharField(max_length=3)
    caisse = models.CharField(max_length=3)
    # address lines and what the template needs
    content = SealedField(null=True)
    created_at = models.DateTimeField()
    batch = models.ForeignKey("LetterBatch", null=True, on_delete=models.PROTECT, related_name="letters")
    printed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "courrier"
        indexes = [
            models.Index(
                fields=["caisse", "created_at"], name="letters_to_print", condition=models.Q(batch__isnull=True)
            ),
            models.Index(fields=["member", "kind", "-created_at"], name="letters_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"courrier {self.kind}"


class LetterBatch(models.Model):
    """Letters of one caisse printed together in one file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caisse = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lot de courriers"

    def __str__(self) -> str:
        return f"lot {self.caisse}"
