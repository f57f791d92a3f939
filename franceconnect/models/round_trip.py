"""One way to FranceConnect and back."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Member
from accounts.sealed import SealedField


class RoundTrip(models.Model):
    """Belongs to the browser that left; its state comes back once (FS 3).

    left → returned (the state was used) → finished (signed in, linked, registered or signed out). Between the last two
    it keeps who FranceConnect says is there, until the member has typed their NIR (I11).
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", "se connecter"
        ASSOCIATE = "associate", "associer son compte"
        SIGN_OUT = "sign_out", "se déconnecter"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=9, choices=Purpose)
    browser = models.BinaryField(max_length=32, editable=False)
    state_fingerprint = models.BinaryField(max_length=32, unique=True, editable=False)
    # nonce, and the page to go on to
    luggage = SealedField()
    # Who asked to be associated, having given their password.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    returned_at = models.DateTimeField(null=True)
    # The claims of FranceConnect and its id_token.
    arrival = SealedField(null=True)
    # Whom the NIR that was typed belongs to, when they have no account yet (B29).
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "passage par FranceConnect"
        verbose_name_plural = "passages par FranceConnect"

    def __str__(self) -> str:
        return f"passage {self.pk}"
