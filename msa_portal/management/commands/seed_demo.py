"""`manage.py seed_demo`: the demonstration's members and accounts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from msa_portal.demo.seeding import seed
from msa_portal.environment import Mode


class Command(BaseCommand):
    """Made-up people have no place among real ones: production refuses."""

    help = "Load the made-up members of the demonstration and open the accounts of those already registered."

    def handle(self, **options: Any) -> None:
        if settings.MODE is Mode.PRODUCTION:
            raise CommandError("seed_demo belongs to the demonstration and to tests; this is production.")
        done = seed(now=timezone.now())
        registry = "loaded" if done.imported else "already there"
        self.stdout.write(f"demonstration members: {registry}; accounts opened: {done.accounts}")
