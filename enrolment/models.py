"""A registration under way, and the requests of those who cannot register themselves."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.sealed import SealedField


class Enrolment(models.Model):
    """One journey: the answers so far, sealed, and how many wrong proofs are left. It lives 24 hours (R16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # slug → what the step keeps
    answers = SealedField()
    step = models.SlugField(max_length=32)
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "inscription en cours"

    def __str__(self) -> str:
        return f"inscription {self.pk}"


class RegistrationRequest(models.Model):
    """What a company or another declarant asks of a caisse; agents work it (R1)."""

    class Kind(models.TextChoices):
        COMPANY = "company", "entreprise"
        OTHER = "other", "autre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    department = models.CharField(max_length=3)
    # name, function, siret, email, phone
    details = SealedField()
    siret_fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "demande d'inscription"
        indexes = [
            models.Index(
                fields=["department", "created_at"], name="requests_to_decide", condition=Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"demande {self.reference}"
