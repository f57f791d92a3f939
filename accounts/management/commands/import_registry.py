"""Loads or refreshes the members' registry from the MSA's files."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.registry import Outcome, afterwards, import_directory
from accounts.registry.importing.progress import for_terminal


class Command(BaseCommand):
    """Says what each file did; bad lines go to DIR/rejects.csv and make the exit code 1."""

    help = "Load or refresh the registry from members.csv, affiliations.csv, vitale_cards.csv and payments.csv in DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: Any) -> None:
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a directory.")
        try:
            outcomes = list(self._told(directory))
        except OSError as error:  # a file that cannot be read, rejects.csv that cannot be written
            raise CommandError(str(error)) from error
        if not any(outcome.present for outcome in outcomes):
            raise CommandError(f"{directory} holds none of the registry's files.")
        for name, changed in afterwards.follow(now=timezone.now(), progress=for_terminal(sys.stderr)):
            if changed:
                self.stdout.write(f"{name}: {changed} accounts changed")
        if not all(outcome.is_clean for outcome in outcomes):
            raise CommandError(f"Some lines were left out: see {directory / 'rejects.csv'}.")

    def _told(self, directory: Path) -> Iterator[Outcome]:
        for outcome in import_directory(directory, now=timezone.now(), progress=for_terminal(sys.stderr)):
            self.stdout.write(said(outcome))
            yield outcome


def said(outcome: Outcome) -> str:
    name, counts = outcome.delivery.file_name, outcome.counts
    if not outcome.present:
        return f"{name}: absent, nothing changed"
    if outcome.refused:
        return f"{name}: refused, nothing changed; its first line must be {','.join(outcome.delivery.columns)}"
    parts = [f"{counts.added} added", f"{counts.changed} changed", f"{counts.removed} removed"]
    return f"{name}: {', '.join(parts)}, {counts.rejected} rejected"
