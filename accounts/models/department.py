"""The departments a member's account opens, and since when."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.account import Account


class OpenDepartment(models.Model):
    """One department of one account: by the registry (F02), or by a code that came by post (R11)."""

    class Origin(models.TextChoices):
        REGISTRY = "registry", "connu du référentiel"
        CODE = "code", "code reçu par courrier"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="open_departments")
    department = models.CharField(max_length=3)
    origin = models.CharField(max_length=8, choices=Origin)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "département ouvert"
        verbose_name_plural = "départements ouverts"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "department"], condition=Q(closed_at__isnull=True), name="a_department_is_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"département {self.department}"
