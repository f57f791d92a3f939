"""`manage.py verify_journal`: walks the journal's hash chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import journal
from accounts.models import Entry, JournalSeal


class Command(BaseCommand):
    """Ends with 1 at the first broken link, and names it."""

    help = "Check that no sealed entry of the journal was changed or removed (R21)."

    def handle(self, **options: Any) -> None:
        try:
            checked = journal.verify()
        except journal.Broken as broken:
            raise CommandError(f"the journal does not hold: {broken}") from None
        seals, waiting = JournalSeal.objects.count(), Entry.objects.filter(seal=None).count()
        self.stdout.write(f"the journal holds: {checked} entries in {seals} seals checked, {waiting} not sealed yet")
