"""The task queue: Redis in production, the calling process when there is no broker."""

import os
import sys

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from msa_portal import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msa_portal.settings")

app = Celery("msa_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**kwargs: object) -> None:
    """A worker in an unsafe production does not start either; a signal's ordinary exception would only be logged."""
    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as refused:
        sys.exit(str(refused))
