"""`manage.py reprint_letters BATCH --out DIR`: the print shop lost a file before it posted the letters."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.letters.batch import named
from accounts.letters.printing import reprint
from accounts.sealed import SealBroken


class Command(BaseCommand):
    """Hands the same file out again, a few times, while its copy is kept and the letters are not posted."""

    help = "Hands the file of a batch out again, under its name; counted and journaled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH", help="the name of its PDF file, or what ends it")
        parser.add_argument("--out", type=Path, required=True, help="the folder that received the PDF file")

    def handle(self, *, batch: str, out: Path, **options: Any) -> None:
        found = named(batch)
        if found is None or found.printed_at is None:
            raise CommandError(f"No printed batch: {batch}")
        try:
            pdf = reprint(found, out, now=timezone.now())
        except SealBroken as broken:
            raise CommandError(f"The copy of this batch does not open: {broken}") from broken
        if pdf is None:
            raise CommandError(
                f"Not handed out: a batch can be so {settings.LETTER_REPRINTS} times, within "
                f"{settings.LETTER_COPIES_LIFE.days} days, from the folder it was printed to, and before it is posted. "
                "Its members need a new letter with a new code."
            )
        self.stdout.write(f"{pdf.name}: reprint {found.reprints} of {settings.LETTER_REPRINTS}")
