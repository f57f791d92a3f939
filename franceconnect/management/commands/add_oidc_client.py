"""`manage.py add_oidc_client --preset NAME --client-id ID --redirect-uri URI…`: registers a relying party."""

import json
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from franceconnect import registration
from franceconnect.models import Client
from franceconnect.presets import PRESETS


class Command(BaseCommand):
    """Prints one JSON object with the client's secret, the only time it is seen."""

    help = "Register a relying party; prints one JSON object with client_id and client_secret, shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preset", choices=PRESETS, required=True)
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--name", help="what members read on the consent page")
        addresses: dict[str, Any] = {"nargs": "+", "action": "extend", "metavar": "URI"}
        parser.add_argument("--redirect-uri", **addresses, help="in place of the preset's")
        parser.add_argument("--post-logout-redirect-uri", **addresses, help="in place of the preset's")
        parser.add_argument("--signing-alg", choices=Client.SigningAlg.values)
        parser.add_argument("--userinfo", choices=Client.UserinfoFormat.values)
        parser.add_argument("--auth-method", choices=Client.AuthMethod.values)
        keys = parser.add_mutually_exclusive_group()
        keys.add_argument("--jwks-uri", metavar="URI", help="where the client publishes its public keys")
        keys.add_argument("--jwks", type=Path, metavar="FILE", help="the client's public keys")
        parser.add_argument("--encryption-alg", choices=[alg for alg in Client.EncryptionAlg.values if alg])
        parser.add_argument("--pkce", action=BooleanOptionalAction, help="whether PKCE is required")
        parser.add_argument("--consent", action=BooleanOptionalAction, help="whether the member is asked")
        parser.add_argument("--sector", metavar="HOST", help="clients of one sector share a member's sub")
        parser.add_argument("--acr", nargs="+", metavar="LEVEL", help="the eIDAS levels this client may receive")

    def handle(self, **options: Any) -> None:
        try:
            new = registration.register(
                options["client_id"], preset=options["preset"], now=timezone.now(), **overrides(options)
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        told = {"client_id": new.client.client_id}
        if new.secret is not None:
            told["client_secret"] = new.secret
        self.stdout.write(json.dumps(told))


def overrides(options: dict[str, Any]) -> dict[str, Any]:
    """The columns that the command line sets. Raises CommandError."""
    consent = options["consent"]
    said = {
        "name": options["name"],
        "redirect_uris": options["redirect_uri"],
        "post_logout_redirect_uris": options["post_logout_redirect_uri"],
        "algorithm": options["signing_alg"],
        "userinfo_format": options["userinfo"],
        "auth_method": options["auth_method"],
        "jwks_uri": options["jwks_uri"],
        "jwks": options["jwks"] and read_keys(options["jwks"]),
        "encryption_alg": options["encryption_alg"],
        "pkce_required": options["pkce"],
        "skip_authorization": None if consent is None else not consent,
        "sector": options["sector"],
        "acr": options["acr"] and " ".join(options["acr"]),
    }
    if said["encryption_alg"] and said["userinfo_format"] is None:
        # What is encrypted is signed first.
        said["userinfo_format"] = Client.UserinfoFormat.JWT
    return {column: value for column, value in said.items() if value is not None}


def read_keys(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise CommandError(f"--jwks {path}: {wrong}") from None
