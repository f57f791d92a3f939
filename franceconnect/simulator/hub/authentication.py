"""Which service speaks behind its visitor's back: its secret stands in the form, and nowhere else (facts B3)."""

import secrets
from collections.abc import Mapping

from franceconnect.simulator import clients
from franceconnect.simulator.clients import Service
from franceconnect.simulator.hub.oauth_errors import INVALID_CLIENT, OAuthRefused


def authenticated(form: Mapping[str, str]) -> Service:
    """client_secret_post. Raises OAuthRefused."""
    service = clients.of(form.get("client_id", ""))
    given = form.get("client_secret", "")
    if not service or not secrets.compare_digest(given.encode(), service.secret.encode()):
        raise OAuthRefused("invalid_client", "client authentication failed", status=401, code=INVALID_CLIENT)
    return service
