"""`manage.py seed_demo`: the demonstration's members and accounts, and what waits at its support desk."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from msa_portal.demo import desk
from msa_portal.demo.seeding import seed
from msa_portal.environment import Mode


class Command(BaseCommand):
    """Made-up people have no place among real ones: production refuses."""

    help = "Load the made-up members, open the accounts of those already registered, lay out a day at the support desk."

    def handle(self, **options: Any) -> None:
        if settings.MODE is Mode.PRODUCTION:
            raise CommandError("seed_demo belongs to the demonstration and to tests; this is production.")
        now = timezone.now()
        done = seed(now=now)
        registry = "loaded" if done.imported else "already there"
        self.stdout.write(f"demonstration members: {registry}; accounts opened: {done.accounts}")
        self.stdout.write(f"support desk: {'a day laid out' if desk.lay_out(now=now) else 'as it was'}")
