"""The room as a Django application."""

from django.apps import AppConfig


class FranceConnectConfig(AppConfig):
    """OpenID Connect: MSA as a provider (J01 to J17)."""

    name = "franceconnect"
    verbose_name = "FranceConnect et services connectés"
