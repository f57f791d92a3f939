"""Browsers in which a member has signed in before."""

from django.db import models

from accounts.models.account import Account


class KnownBrowser(models.Model):
    """A browser remembered for 90 days: a stranger's failures never lock it out (R12, R14)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="browsers")
    token_fingerprint = models.BinaryField(max_length=32, editable=False)
    last_used_at = models.DateTimeField()

    class Meta:
        verbose_name = "navigateur connu"
        constraints = [
            models.UniqueConstraint(fields=["account", "token_fingerprint"], name="a_browser_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"navigateur {self.pk}"
