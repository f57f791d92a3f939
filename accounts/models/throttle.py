"""Counters that slow down guessing."""

from django.db import models


class Throttle(models.Model):
    """How often something was tried lately; the key is a fingerprint, times are seconds since 1970 (R12)."""

    key = models.BinaryField(max_length=32, primary_key=True)
    tries = models.PositiveIntegerField()
    since = models.BigIntegerField()
    blocked_until = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "limite"

    def __str__(self) -> str:
        return f"{self.tries} essais"
