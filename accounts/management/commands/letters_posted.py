"""`manage.py letters_posted BATCH…`: the print shop's answer, the letters are on their way."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.letters import mark_posted
from accounts.letters.batch import named


class Command(BaseCommand):
    """Says of each batch whether it is posted now; one that cannot be makes the exit code 1."""

    help = "Notes that the letters of these batches were handed to the post."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batches", nargs="+", metavar="BATCH", help="the name of its PDF file, or what ends it")

    def handle(self, *, batches: list[str], **options: Any) -> None:
        unknown = []
        for name in batches:
            batch = named(name)
            if batch is None or batch.printed_at is None:
                unknown.append(name)
            elif mark_posted(batch, now=timezone.now()):
                self.stdout.write(f"{name}: posted")
            else:
                self.stdout.write(f"{name}: was posted before")
        if unknown:
            raise CommandError(f"No printed batch: {', '.join(unknown)}")
