"""The frame of the portal: settings, addresses, middleware and public pages."""

from msa_portal.celery import app as celery_app

__all__ = ["celery_app"]
