"""Puts a new sealing key in service and, with --reseal, moves every sealed value to it (R20)."""

import base64
import re
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.registry.importing.progress import for_terminal
from accounts.resealing import reseal, sealed_columns


class Command(BaseCommand):
    """Without --reseal it prints a new NIR_KEYS value; the old keys stay in it until nothing needs them."""

    help = "Print a new key ring; with --reseal, seal again under its first key whatever an older key sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reseal", action="store_true", help="may be stopped and started again at any time")

    def handle(self, *, reseal: bool, **options: Any) -> None:
        if reseal:
            self._reseal()
        else:
            self._say_how()

    def _say_how(self) -> None:
        keys = settings.SEALING_KEYS
        fresh = {next_id(list(keys)): secrets.token_bytes(32), **keys}
        ring = ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in fresh.items())
        self.stdout.write(
            "1. Keep this value where secrets are kept, give it to every process as NIR_KEYS, restart them all:\n"
            f"NIR_KEYS={ring}\n"
            "2. Run manage.py rotate_nir_key --reseal.\n"
            "3. When it says that nothing is left, and no backup older than that is needed, drop the old keys."
        )

    def _reseal(self) -> None:
        progress = for_terminal(sys.stderr)
        broken = 0
        for model, field in sealed_columns():
            moved, failed = reseal(model, field, progress=progress)
            broken += failed
            self.stdout.write(
                f"{model._meta.db_table}.{field.column}: {moved} sealed again, {failed} could not be opened"
            )
        if broken:
            raise CommandError(f"{broken} values do not open with the keys of the ring: keep every old key.")
        self.stdout.write(f"Nothing is left under another key than {next(iter(settings.SEALING_KEYS))}.")


def next_id(ids: list[str]) -> str:
    """k1 is followed by k2; a ring with other names gets the first kN that is free."""
    numbers = [int(found[1]) for name in ids if (found := re.fullmatch(r"k([0-9]{1,6})", name))]
    return f"k{max(numbers, default=0) + 1}"
