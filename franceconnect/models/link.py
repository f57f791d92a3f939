"""A member's account and the FranceConnect identity that opens it (I13, I14)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.sealed import SealedField


class Link(models.Model):
    """One to one: an account has one FranceConnect identity, and an identity opens one account.

    `subject_fingerprint` is of `issuer` and `sub` together (FS 10); the `sub` itself is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="franceconnect")
    issuer = models.CharField(max_length=255)
    subject = SealedField()
    subject_fingerprint = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        verbose_name = "association à FranceConnect"
        verbose_name_plural = "associations à FranceConnect"

    def __str__(self) -> str:
        return f"association {self.pk}"


class LinkConflict(models.Model):
    """Two identities for one account, or two accounts for one identity: nobody is linked again silently (FS 13)."""

    class Kind(models.TextChoices):
        OTHER_SUBJECT = "other_subject", "le compte est associé à une autre identité FranceConnect"
        OTHER_ACCOUNT = "other_account", "cette identité FranceConnect est associée à un autre compte"

    class Outcome(models.TextChoices):
        KEPT = "kept", "association gardée"
        UNLINKED = "unlinked", "association retirée"

    class Reason(models.TextChoices):
        PROVEN = "proven", "identité de l'appelant vérifiée"
        NOT_PROVEN = "not_proven", "identité de l'appelant non vérifiée"
        ASKED = "asked", "demande de l'adhérent"
        FRAUD = "fraud", "usage frauduleux soupçonné"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Whose link stands in the way: the same account's, or another's that has this identity.
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    # What the member reads to the agent.
    reference = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)

    class Meta:
        verbose_name = "conflit d'association"
        verbose_name_plural = "conflits d'association"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(decided_at__isnull=True), name="one_open_conflict_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="conflicts_to_decide", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["outcome", "created_at"], name="conflicts_decided"),
        ]

    def __str__(self) -> str:
        return f"conflit {self.reference}"
