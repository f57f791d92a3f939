"""`manage.py rotate_oidc_key`: makes the next key that signs our tokens, or the first ones (issue 3, no. 8)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from franceconnect import keys
from franceconnect.models import SigningKey

ALL = "all"


class Command(BaseCommand):
    """Says which key it made and from when it signs; never anything private."""

    help = "Make the next signing key: published now, signing after OIDC_KEY_NOTICE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--alg", choices=[*keys.PAIRS, ALL], default=ALL)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--ensure", action="store_true", help="only where there is no key yet; for deployments")
        how.add_argument("--immediately", action="store_true", help="sign with it at once, or with one that waits")
        how.add_argument("--leaked", action="store_true", help="sign with a new one at once, withdraw all others")

    def handle(self, *, alg: str, ensure: bool, immediately: bool, leaked: bool, **options: Any) -> None:
        now = timezone.now()
        algs = tuple(keys.PAIRS) if alg == ALL else (alg,)
        if ensure:
            self._tell(keys.ensure(now=now, algs=algs))
        else:
            self._tell([keys.rotate(each, now=now, immediately=immediately, leaked=leaked) for each in algs])
            keys.erase_private_halves(now=now)

    def _tell(self, made: list[SigningKey]) -> None:
        for key in made:
            moment = timezone.localtime(key.activates_at)
            self.stdout.write(f"{key.alg}: {key.kid} signs from {moment:%Y-%m-%d %H:%M:%S %Z}")
        if not made:
            self.stdout.write("every alg has its key: nothing to do")
