"""The assertions by which clients have proven who they are: each serves once (RFC 7523, section 3, no. 7)."""

from django.db import models


class UsedAssertion(models.Model):
    """A fingerprint of a client and its jti, kept until the assertion would be refused for its age anyway."""

    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "preuve déjà utilisée"
        verbose_name_plural = "preuves déjà utilisées"

    def __str__(self) -> str:
        return f"preuve {self.pk}"
