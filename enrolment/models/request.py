"""What is asked of a caisse and decided by its agents."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import Account, Letter
from accounts.sealed import SealedField


class RegistrationRequest(models.Model):
    """What a company or another declarant asks of a caisse; agents work it (R1)."""

    class Kind(models.TextChoices):
        COMPANY = "company", "entreprise"
        OTHER = "other", "autre"

    class Reason(models.TextChoices):
        UNKNOWN_HERE = "unknown_here", "nous ne trouvons pas cette entreprise parmi celles que votre MSA suit"
        NOT_ENTITLED = "not_entitled", "nous n'avons pas pu vérifier que vous agissez pour cette entreprise"
        FILE_INCOMPLETE = "file_incomplete", "il manque une pièce à votre dossier"
        DOUBLE = "double", "cette entreprise a déjà un espace privé"
        NO_SERVICE = "no_service", "votre situation n'ouvre pas d'espace privé en ligne"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    department = models.CharField(max_length=3)
    # name, function, siret, email, phone
    details = SealedField()
    siret_fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=24, blank=True, choices=Reason)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "demande d'inscription"
        verbose_name_plural = "demandes d'inscription"
        indexes = [
            models.Index(
                fields=["department", "created_at"], name="requests_to_decide", condition=Q(decided_at__isnull=True)
            ),
            models.Index(fields=["accepted", "created_at"], name="requests_decided"),
        ]

    def __str__(self) -> str:
        return f"demande {self.reference}"


class DepartmentRequest(models.Model):
    """« Complément d'inscription »: a member asks for another department (H01 to H09, R11).

    asked → accepted or refused → (printed, posted: the letter's own states) → opened by its code, or closed.
    """

    class Way(models.TextChoices):
        HERE = "here", "services sécurisés de ma MSA"
        ELSEWHERE = "elsewhere", "services d'une autre MSA"

    class Reason(models.TextChoices):
        UNKNOWN_HERE = "unknown_here", "nous ne trouvons pas de dossier à votre nom dans ce département"
        WRONG_PROFILE = "wrong_profile", "ces services sont réservés aux exploitants et aux entreprises"
        FILE_INCOMPLETE = "file_incomplete", "il manque une pièce à votre dossier"
        ADDRESS = "address", "votre adresse est à vérifier avant l'envoi d'un code"
        DOUBLE = "double", "ce département est déjà ouvert"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="department_requests")
    department = models.CharField(max_length=3)
    way = models.CharField(max_length=9, choices=Way)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=24, blank=True, choices=Reason)
    # The newest letter with the code; an older one is superseded.
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    alerted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "demande de département"
        verbose_name_plural = "demandes de départements"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "department", "way"],
                condition=Q(closed_at__isnull=True, opened_at__isnull=True),
                name="a_department_is_asked_for_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["department", "created_at"], name="departments_to_decide", condition=Q(decided_at__isnull=True)
            ),
            models.Index(fields=["account", "-created_at"], name="requests_of_an_account"),
            # What the purge looks for (R16).
            models.Index(Coalesce("closed_at", "opened_at"), name="departments_over"),
            # What the desk lists, what is late first: what waits, what is on its way, what was decided.
            models.Index(
                fields=["alerted_at", "created_at"],
                name="departments_waiting",
                condition=Q(decided_at__isnull=True, closed_at__isnull=True, opened_at__isnull=True),
            ),
            models.Index(
                fields=["alerted_at", "created_at"],
                name="departments_on_their_way",
                condition=Q(accepted=True, opened_at__isnull=True, closed_at__isnull=True),
            ),
            models.Index(fields=["accepted", "alerted_at", "created_at"], name="departments_decided"),
            models.Index(fields=["department", "accepted", "alerted_at", "created_at"], name="departments_of_a_caisse"),
        ]

    def __str__(self) -> str:
        return f"demande {self.reference}"
