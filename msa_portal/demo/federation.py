"""Puts the simulated FranceConnect beside the demonstration into the books of MSA's own provider (J01, facts A1)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from franceconnect import registration
from franceconnect.models import Client

CLIENT_ID = "franceconnect-simulator"


def register_hub(*, now: datetime) -> bool:
    """Idempotent: follows the simulator's port and its secret. Returns whether something had to be written."""
    if not settings.SIMULATOR_CLIENT_SECRET:
        return False
    hub = f"http://127.0.0.1:{settings.SIMULATOR_PORT}/api/v2"
    columns: dict[str, Any] = {
        "redirect_uris": f"{hub}/oidc-callback",
        "post_logout_redirect_uris": f"{hub}/client/logout-callback",
        # Read when an agent turns the encryption on, and not before.
        "jwks_uri": f"{hub}/client/.well-known/keys",
    }
    client = Client.objects.filter(client_id=CLIENT_ID).first()
    if client and _is(client, columns) and registration.secret_fits(client, settings.SIMULATOR_CLIENT_SECRET, now):
        return False
    if client is None:
        addresses = {name: [columns[name]] for name in registration.ADDRESSES}
        client = registration.register(
            CLIENT_ID, preset="franceconnect-integration", now=now, sector="127.0.0.1",
            **{**columns, **addresses},
        ).client  # fmt: skip
    columns["client_secret"] = make_password(settings.SIMULATOR_CLIENT_SECRET, hasher=registration.HASHER)
    Client.objects.filter(pk=client.pk).update(**columns, updated=now)
    return True


def _is(client: Client, columns: dict[str, Any]) -> bool:
    return all(getattr(client, name) == value for name, value in columns.items())
