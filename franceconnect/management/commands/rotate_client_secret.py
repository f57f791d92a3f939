"""`manage.py rotate_client_secret ID`: a new secret for a relying party; the old one serves a while longer."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from franceconnect import registration
from franceconnect.models import Client


class Command(BaseCommand):
    """Prints one JSON object with the new secret, the only time it is seen."""

    help = "Give a relying party a new secret; prints one JSON object with client_id and client_secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("--immediately", action="store_true", help="the old secret leaked: it serves no more")

    def handle(self, *, client_id: str, immediately: bool, **options: Any) -> None:
        client = Client.objects.filter(client_id=client_id).first()
        if client is None:
            raise CommandError(f"There is no client {client_id!r}.")
        try:
            secret = registration.rotate_secret(client, now=timezone.now(), immediately=immediately)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        until = client.previous_secret_until
        told = {
            "client_id": client.client_id,
            "client_secret": secret,
            "previous_secret_until": until.isoformat(timespec="seconds") if until else None,
        }
        self.stdout.write(json.dumps(told))
