"""The frame as an application: its commands and its start-up checks."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """Registers the start-up checks, and what one room does for another."""

    name = "msa_portal"
    label = "frame"
    verbose_name = "portail"

    def ready(self) -> None:
        # What registers itself with a room that may not know it: the code of a letter opens a department at sign-in,
        # an import of the registry opens and closes departments.
        from enrolment.departments import following, opening  # noqa: F401, PLC0415
        from msa_portal import checks  # noqa: F401, PLC0415
