"""The members' registry as the MSA delivers it: who is known, where, with which card and which payments."""

from datetime import date
from functools import lru_cache

from django.db import models

from accounts.identity.birth_date import BirthDate
from accounts.identity.nir import Nir
from accounts.sealed import SealedField, fingerprint


class NirStatus(models.TextChoices):
    """Whether the number was matched with the national register (facts: SNGI, RNIPP)."""

    CERTIFIED = "certified", "certifié"
    UNCERTIFIED = "uncertified", "non certifié"
    WAITING = "waiting", "en attente"
    TEMPORARY = "temporary", "provisoire"


class Profile(models.TextChoices):
    """What a member is for a caisse; each opens its bouquet of services (F01)."""

    INDIVIDUAL = "individual", "particulier"
    FARMER = "farmer", "exploitant agricole"
    SOLIDARITY_CONTRIBUTOR = "solidarity_contributor", "cotisant de solidarité"
    GARDENER_EMPLOYER = "gardener_employer", "employeur de jardinier"


@lru_cache(maxsize=65536)
def birth_mark(iso: str) -> bytes:
    """By which members born that day are found; millions of them share some forty thousand dates."""
    return fingerprint("birth_date", iso)


class Member(models.Model):
    """A person the MSA knows, found by the fingerprint of the NIR; what names them is sealed in one column."""

    nir_fingerprint = models.BinaryField(max_length=32, unique=True, editable=False)
    birth_fingerprint = models.BinaryField(max_length=32, db_index=True, editable=False)
    nir_status = models.CharField(max_length=12, choices=NirStatus)
    deceased = models.BooleanField(default=False)
    # nir, birth_name, usage_name, given_names, gender, birth_date, birth_place, birth_country, deceased_on, address,
    # postcode, city
    dossier = SealedField(bound_to="nir_fingerprint")
    # Keyed digest of the delivered line: an unchanged member is not written again by the next import.
    digest = models.BinaryField(max_length=16, editable=False)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "adhérent"

    def __str__(self) -> str:
        return f"adhérent {self.pk}"

    @property
    def nir(self) -> Nir:
        return Nir.parse(self.dossier["nir"])

    @property
    def birth_name(self) -> str:
        return self.dossier["birth_name"]

    @property
    def usage_name(self) -> str:
        return self.dossier["usage_name"]

    @property
    def given_names(self) -> str:
        return self.dossier["given_names"]

    @property
    def gender(self) -> str:
        return self.dossier["gender"]

    @property
    def birth_date(self) -> BirthDate:
        return BirthDate.from_iso(self.dossier["birth_date"])

    @property
    def display_name(self) -> str:
        """« LAMY FRITZ », as the private header shows it (F03)."""
        first = self.given_names.split(" ")[0]
        return f"{self.usage_name or self.birth_name} {first}".upper()

    @property
    def postal_address(self) -> list[str]:
        """The lines of an envelope, or nothing when the MSA has no address."""
        details = self.dossier
        if not (details["address"] and details["postcode"] and details["city"]):
            return []
        civil = f"{details['usage_name'] or details['birth_name']} {details['given_names'].split(' ')[0]}".upper()
        return [civil, details["address"], f"{details['postcode']} {details['city']}".upper()]


class Affiliation(models.Model):
    """One department in which a member is known, and as what."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="affiliations")
    department = models.CharField(max_length=3)
    profile = models.CharField(max_length=24, choices=Profile)
    health_cover = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = "affiliation"
        constraints = [
            models.UniqueConstraint(fields=["member", "department", "profile"], name="one_affiliation_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.profile}"

    def is_active(self, *, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until >= on)


class CardKind(models.TextChoices):
    """The two cards in use (B17)."""

    PHOTO = "photo", "avec photo"
    NO_PHOTO = "no_photo", "sans photo"


class VitaleCard(models.Model):
    """A carte Vitale; its serial is kept as a fingerprint only (R20)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="vitale_cards")
    kind = models.CharField(max_length=8, choices=CardKind)
    serial_fingerprint = models.BinaryField(max_length=32, editable=False)
    issued_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)

    class Meta:
        verbose_name = "carte Vitale"

    def __str__(self) -> str:
        return f"carte {self.kind}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Questions over payments."""

    def latest_first(self) -> "PaymentQuerySet":
        return self.order_by("-paid_on", "-amount_cents", "-pk")


class Payment(models.Model):
    """Money the MSA paid to a member, in cents."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="payments")
    department = models.CharField(max_length=3)
    paid_on = models.DateField()
    kind = models.CharField(max_length=24)
    label = models.CharField(max_length=80)
    amount_cents = models.IntegerField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "paiement"
        indexes = [models.Index(fields=["member", "-paid_on"], name="payments_of_a_member")]

    def __str__(self) -> str:
        return f"paiement {self.pk}"
