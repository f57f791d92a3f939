"""Counters that slow down guessing, and limits that an operator has changed."""

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


class ChangedLimit(models.Model):
    """What an operator has decided instead of the setting, for a while: the name in THROTTLES, and how many tries."""

    limit = models.CharField(max_length=32, primary_key=True)
    tries = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()

    class Meta:
        verbose_name = "limite changée"
        verbose_name_plural = "limites changées"

    def __str__(self) -> str:
        return f"limite {self.limit}"
