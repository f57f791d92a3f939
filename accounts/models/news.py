"""What a caisse, or the MSA, tells on its pages."""

import uuid

from django.db import models


class News(models.Model):
    """« Actualités » on the private home page (F09); of one caisse, or of all when it has none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caisse = models.CharField(max_length=3, blank=True)
    title = models.CharField("titre", max_length=120)
    body = models.TextField("texte", max_length=2000)
    published_at = models.DateTimeField("paraît le")
    until = models.DateTimeField("jusqu'au", null=True, blank=True)

    class Meta:
        verbose_name = "actualité"
        indexes = [models.Index(fields=["caisse", "-published_at"], name="news_of_a_caisse")]

    def __str__(self) -> str:
        return self.title


class Banner(models.Model):
    """A sentence on top of every page while something does not work."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.CharField("texte", max_length=240)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")

    class Meta:
        verbose_name = "bandeau"
        verbose_name_plural = "bandeaux"

    def __str__(self) -> str:
        return self.text
