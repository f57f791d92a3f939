"""`manage.py run_periodic`: the periodic tasks of the demonstration, in one process."""

import signal
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from msa_portal.celery import app
from msa_portal.demo import periodic


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C; production has Celery's beat and workers instead."""

    help = "Run the entries of CELERY_BEAT_SCHEDULE in this process, at their intervals."

    def handle(self, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        app.loader.import_default_modules()
        periodic.run(settings.CELERY_BEAT_SCHEDULE, stop=stop)
