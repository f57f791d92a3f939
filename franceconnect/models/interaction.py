"""A relying party's request while its member signs in, does a duty or decides."""

import uuid

from django.conf import settings
from django.db import models

from accounts.sealed import SealedField
from franceconnect.models.client import Client


class Interaction(models.Model):
    """Belongs to the browser that brought the request, ends with the redirect that answers it.

    For FranceConnect it is the whole session (R15): who signed in stands here, and nowhere in the portal's session.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    browser = models.BinaryField(max_length=32, editable=False)
    # The parameters as they came: a login_hint may be anything.
    parameters = SealedField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # Set by a sign-in at the federation's page.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=16, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    weak_password = models.BooleanField(default=False)
    # The account's session hash then: a password changed or sessions ended elsewhere end this one as well.
    session_hash = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "demande d'un service"
        verbose_name_plural = "demandes des services"

    def __str__(self) -> str:
        return f"demande {self.pk}"
