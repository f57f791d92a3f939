"""What the support desk asks of the owners of the registry: an identity that is wrong there (issue 5)."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.registry import Member
from accounts.sealed import SealedField


class CorrectionRequest(models.Model):
    """Something of a member's identity to be corrected where the registry is kept; the next import brings it."""

    class Subject(models.TextChoices):
        NAME = "name", "nom de naissance ou d'usage"
        GIVEN_NAMES = "given_names", "prénoms"
        BIRTH_DATE = "birth_date", "date de naissance"
        BIRTH_PLACE = "birth_place", "lieu de naissance"
        GENDER = "gender", "sexe"
        NIR = "nir", "numéro de Sécurité sociale"
        DEATH = "death", "décès noté par erreur"

    class Answer(models.TextChoices):
        DONE = "done", "corrigé dans le référentiel"
        NOT_PROVEN = "not_proven", "pièce d'état civil à demander"
        NOTHING = "nothing", "rien à corriger"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="correction_requests")
    department = models.CharField(max_length=3)
    subject = models.CharField("à corriger", max_length=12, choices=Subject)
    # note: what the documents say, as the agent read it
    details = SealedField()
    asked_by = models.UUIDField()
    created_at = models.DateTimeField()
    answer = models.CharField("réponse", max_length=12, choices=Answer, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = "correction d'identité"
        verbose_name_plural = "corrections d'identité"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject"],
                condition=Q(decided_at__isnull=True),
                name="a_correction_is_asked_for_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["department", "created_at"],
                name="corrections_to_make",
                condition=Q(decided_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="corrections_made", condition=Q(decided_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    @property
    def note(self) -> str:
        return str(self.details["note"])
