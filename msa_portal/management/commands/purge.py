"""`manage.py purge`: the retention rules, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from msa_portal import retention


class Command(BaseCommand):
    """Says how many rows went, by kind."""

    help = "Forget what is older than the retention rules allow (R16)."

    def handle(self, **options: Any) -> None:
        for kind, count in retention.purge(now=timezone.now()).items():
            self.stdout.write(f"{kind}: {count}")
