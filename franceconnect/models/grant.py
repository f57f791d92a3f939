"""One sign-in at one client: the code, then the access token it was exchanged for, then its use."""

from datetime import datetime

from django.db import models
from oauth2_provider.models import AbstractGrant


class Grant(AbstractGrant):
    """One row from the code to the answer of userinfo: what is spent, replayed or revoked shows in one place (R15).

    `code` holds the SHA-256 of the code in hexadecimal, `token_digest` that of the access token: neither can be read
    back. `user` is the account, `application` the client.
    """

    acr = models.CharField(max_length=16)
    amr = models.CharField(max_length=32)
    auth_time = models.DateTimeField()
    # Of the account's session hash: a changed password ends what was given before it.
    session_mark = models.CharField(max_length=16)
    consumed_at = models.DateTimeField(null=True)
    token_digest = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    token_expires_at = models.DateTimeField(null=True)
    token_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "connexion à un service"
        verbose_name_plural = "connexions aux services"
        indexes = [
            models.Index(fields=["user", "application"], name="grants_of_a_member"),
            models.Index(fields=["created"], name="grants_by_age"),
        ]

    def token_is_live(self, *, now: datetime) -> bool:
        return self.revoked_at is None and self.token_expires_at is not None and self.token_expires_at > now
