"""What a member asks their caisse to change in the registry."""

import uuid

from django.db import models

from accounts.models.account import Account
from accounts.sealed import SealedField


class AddressChange(models.Model):
    """A new postal address that waits for the caisse's decision (G03)."""

    class Reason(models.TextChoices):
        INCOMPLETE = "incomplete", "l'adresse est incomplète ou illisible"
        PROOF = "proof", "un justificatif de domicile est nécessaire"
        SAME = "same", "cette adresse est déjà celle de votre dossier"
        NOT_SURE = "not_sure", "nous n'avons pas pu vérifier que la demande vient de vous"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="address_changes")
    department = models.CharField(max_length=3)
    # address, postcode, city
    address = SealedField()
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=24, blank=True, choices=Reason)

    class Meta:
        verbose_name = "changement d'adresse"
        verbose_name_plural = "changements d'adresse"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(decided_at__isnull=True), name="one_address_change_waits"
            )
        ]
        # What the desk lists: what waits, what was decided everywhere and by one caisse.
        indexes = [
            models.Index(
                fields=["created_at"], name="addresses_to_change", condition=models.Q(decided_at__isnull=True)
            ),
            models.Index(fields=["accepted", "created_at"], name="address_changes_decided"),
            models.Index(fields=["department", "accepted", "created_at"], name="address_changes_of_a_caisse"),
        ]

    def __str__(self) -> str:
        return f"changement d'adresse {self.pk}"
