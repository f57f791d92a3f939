"""`manage.py print_letters --out DIR`: one PDF per caisse for the print shop, and its index."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.letters import batch
from accounts.letters.printing import finish_interrupted, print_batch


class Command(BaseCommand):
    """Prints the queues of letters."""

    help = "Prints the letters in the queues of the caisses; each is printed once, then its text is forgotten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the folder that receives the PDF files")
        parser.add_argument("--caisse", help="only this caisse's queue, by its code")

    def handle(self, *, out: Path, caisse: str | None, **options: Any) -> None:
        finished = finish_interrupted(out, now=timezone.now())
        if finished:
            self.stdout.write(f"{finished} file(s) of an interrupted run completed")
        codes = batch.caisses_with_letters() if caisse is None else [caisse]
        files = 0
        for number, code in enumerate(codes, start=1):
            while pdf := print_batch(code, out, timezone.now()):
                files += 1
                self.stdout.write(f"[{number}/{len(codes)}] caisse {code or '-'}: {pdf.name}")
        self.stdout.write(f"{files} file(s) printed")
