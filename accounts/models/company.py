"""A company that signs in by its SIRET (R1)."""

from django.db import models

from accounts.identity.caisses import DEPARTMENTS, Department
from accounts.identity.siret import Siret
from accounts.models.account import Account
from accounts.sealed import SealedField


class Company(models.Model):
    """What an agent accepted: an account without a member, for the services of one caisse."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="company")
    department = models.CharField(max_length=3)
    # siret, company, name, function, address, postcode, city, reference of the request
    details = SealedField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "entreprise"

    def __str__(self) -> str:
        return f"entreprise {self.pk}"

    @property
    def name(self) -> str:
        return self.details["company"]

    @property
    def siret(self) -> Siret:
        return Siret(self.details["siret"])

    @property
    def place(self) -> Department:
        """Its department, hence its caisse."""
        return DEPARTMENTS[self.department]

    @property
    def postal_address(self) -> list[str]:
        """The envelope: the company, whoever asked in its name, where the caisse knows it to be."""
        told = self.details
        town = f"{told['postcode']} {told['city']}"
        return [told["company"].upper(), told["name"].upper(), told["address"], town.upper()]
