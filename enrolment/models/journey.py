"""A registration under way."""

import uuid

from django.db import models

from accounts.sealed import SealedField


class Enrolment(models.Model):
    """One journey: the answers so far, sealed, and how many wrong proofs are left. It lives 24 hours (R16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # slug → what the step keeps
    answers = SealedField()
    step = models.SlugField(max_length=32)
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    completed_at = models.DateTimeField(null=True)
    # Six digits that the caller reads to an agent, for a while: the agent sees the step, never the answers.
    call_fingerprint = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    call_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "inscription en cours"
        verbose_name_plural = "inscriptions en cours"

    def __str__(self) -> str:
        return f"inscription {self.pk}"
