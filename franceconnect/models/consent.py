"""What a member has allowed a service to know."""

from django.conf import settings
from django.db import models

from franceconnect.models.client import Client


class Consent(models.Model):
    """One service and the scopes shared with it; taken back by removing the row (« Services connectés »)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    # Sorted, space between; names of claims asked for one by one stand among them as « claim:… ».
    shared = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "autorisation"
        constraints = [models.UniqueConstraint(fields=["account", "client"], name="one_consent_per_service")]

    def __str__(self) -> str:
        return f"autorisation {self.pk}"

    def covers(self, wanted: frozenset[str]) -> bool:
        return wanted <= frozenset(self.shared.split())
