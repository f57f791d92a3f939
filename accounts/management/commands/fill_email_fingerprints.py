"""Gives each account from before the mark by which the support desk finds it; may run again, and beside the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.support.file import search


class Command(BaseCommand):
    """`manage.py fill_email_fingerprints`."""

    help = "Rend les comptes d'avant trouvables par leur adresse e-mail, à l'assistance."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{search.fill_email_marks()} comptes complétés")
