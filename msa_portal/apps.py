"""The frame as an application: its commands and its start-up checks."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """Registers the start-up checks."""

    name = "msa_portal"
    label = "frame"
    verbose_name = "portail"

    def ready(self) -> None:
        from msa_portal import checks  # noqa: F401, PLC0415  registers itself
