"""A company that signs in by its SIRET (R1)."""

from django.db import models

from accounts.models.account import Account
from accounts.sealed import SealedField


class Company(models.Model):
    """What an agent accepted: an account without a member, for the services of one caisse."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="company")
    department = models.CharField(max_length=3)
    # siret, company, name, function, address lines
    details = SealedField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "entreprise"

    def __str__(self) -> str:
        return f"entreprise {self.pk}"
