"""How a client says who it is, read from the request before anything is looked up (RFC 6749, 2.3; Core, 9)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote_plus

from django.conf import settings
from oauthlib.common import Request
from oauthlib.oauth2 import InvalidRequestError

from franceconnect import clients, registration
from franceconnect.models import Client
from franceconnect.provider import client_assertion


@dataclass(frozen=True)
class Credentials:
    """A client_id with a secret, or with an assertion that it signed."""

    client_id: str
    secret: str = field(default="", repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    def client(self, *, now: datetime) -> Client | None:
        """The client that these prove; one that was given a new secret a moment ago is read again."""
        known = clients.find(self.client_id)
        if known is None or self.prove(known, now=now):
            return known
        fresh = clients.read(self.client_id)
        return fresh if fresh and self.prove(fresh, now=now) else None

    def prove(self, client: Client, *, now: datetime) -> bool:
        """A client that signs is not let in with a secret, nor the other way round."""
        if client.auth_method == Client.AuthMethod.PRIVATE_KEY_JWT:
            return client_assertion.proves(self.form, client, endpoint_urls=audiences(), now=now)
        return bool(self.secret) and registration.secret_fits(client, self.secret, now)


def read(request: Request) -> Credentials:
    """The one way used; two at once are an error (RFC 6749, 2.3). Raises InvalidRequestError."""
    header = request.headers.get("Authorization", "")
    form = dict(request.decoded_body or [])
    ways = [header[:6].lower() == "basic ", bool(form.get("client_secret")), bool(form.get("client_assertion"))]
    if sum(ways) > 1:
        raise InvalidRequestError(description="More than one client authentication method.", request=request)
    client_id = form.get("client_id", "")
    if ways[0]:
        given = _basic(header[6:])
        if client_id and client_id != given.client_id:
            raise InvalidRequestError(description="Two clients are named.", request=request)
        return given
    if ways[2] and not client_id:
        client_id = client_assertion.issuer_of(form["client_assertion"])
    return Credentials(client_id, form.get("client_secret", ""), form)


def _basic(encoded: str) -> Credentials:
    try:
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return Credentials("")
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    return Credentials("" if "\x00" in client_id else client_id, secret)


def audiences() -> tuple[str, ...]:
    """What an assertion may be addressed to (Core, 9)."""
    return settings.OIDC_ISSUER, f"{settings.OIDC_ISSUER}/oidc/token"
