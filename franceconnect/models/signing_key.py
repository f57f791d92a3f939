"""The key ring that signs our tokens."""

from django.db import models

from accounts.sealed import SealedField
from franceconnect.models.client import Client


class SigningKey(models.Model):
    """One key pair: published from its creation, signing from `activates_at`, published until `forgotten_at`."""

    kid = models.CharField(max_length=64, primary_key=True)
    alg = models.CharField(max_length=5, choices=Client.SigningAlg)
    # The private JWK, as a JSON object.
    private = SealedField()
    public = models.JSONField()
    created_at = models.DateTimeField()
    activates_at = models.DateTimeField()
    # Signs no more from here on: the next key has taken over.
    retires_at = models.DateTimeField(null=True)
    # Not in the JWKS any more from here on; hints that it signed are still known.
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "clé de signature"
        verbose_name_plural = "clés de signature"

    def __str__(self) -> str:
        return self.kid
