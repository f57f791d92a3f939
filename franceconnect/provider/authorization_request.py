"""An authorization request as a value: what stands in it, read once (RFC 6749, 4.1.1; Core, 3.1.2.1)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import QueryDict

from franceconnect.models import Client
from franceconnect.provider.errors import OAuthError

# What we read; anything else is tolerated and left alone (Core, 3.1.2.1).
KNOWN = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age",
    "acr_values", "claims", "code_challenge", "code_challenge_method", "id_token_hint", "login_hint", "ui_locales",
    "display", "request", "request_uri", "registration",
)  # fmt: skip


@dataclass(frozen=True)
class AuthorizationRequest:
    """The known parameters that have a value, the names of those that came twice, and the client once it is known."""

    parameters: Mapping[str, str]
    repeated: frozenset[str] = frozenset()
    client: Client | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        given = {name: str(query[name]) for name in KNOWN if query.get(name)}
        return cls(given, frozenset(name for name in KNOWN if len(query.getlist(name)) > 1))

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")

    @cached_property
    def known_client(self) -> Client:
        assert self.client is not None, "the first checks have passed"
        return self.client

    @cached_property
    def scopes(self) -> frozenset[str]:
        return frozenset(self["scope"].split())

    @cached_property
    def prompt(self) -> frozenset[str]:
        return frozenset(self["prompt"].split())

    @cached_property
    def max_age(self) -> int | None:
        """Seconds. Raises OAuthError."""
        if not self["max_age"]:
            return None
        if not (self["max_age"].isascii() and self["max_age"].isdecimal() and len(self["max_age"]) <= 10):
            raise OAuthError("invalid_request", "max_age must be a number of seconds")
        return int(self["max_age"])

    @cached_property
    def claims(self) -> dict[str, dict[str, Any]]:
        """The `claims` parameter (Core, 5.5): `{"userinfo": {…}, "id_token": {…}}`. Raises OAuthError."""
        if not self["claims"]:
            return {}
        try:
            asked = json.loads(self["claims"])
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            raise OAuthError("invalid_request", "claims must be a JSON object")
        members = {name: asked[name] for name in ("userinfo", "id_token") if asked.get(name) is not None}
        for wanted in members.values():
            if not isinstance(wanted, dict) or any(not isinstance(each, dict | None) for each in wanted.values()):
                raise OAuthError("invalid_request", "claims must hold objects of claim names")
        return members

    @cached_property
    def essential_acr(self) -> frozenset[str] | None:
        """The levels without which the client wants no answer (Core, 5.5.1.1)."""
        wanted = self.claims.get("id_token", {}).get("acr") or {}
        if wanted.get("essential") is not True:
            return None
        values = [wanted["value"]] if "value" in wanted else wanted.get("values")
        if not isinstance(values, list):
            return None
        return frozenset(each for each in values if isinstance(each, str))

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The `sub` that the client asks for by value (Core, 5.5.1)."""
        asked = [members.get("sub") or {} for members in self.claims.values()]
        return frozenset(str(each["value"]) for each in asked if "value" in each)

    def answer(self, parameters: Mapping[str, str]) -> str:
        """The redirect with these parameters, the state as it came (RFC 6749, 4.1.2) and who answers (RFC 9207)."""
        state = {"state": self["state"]} if self["state"] and "state" not in self.repeated else {}
        uri = self["redirect_uri"]
        given = urlencode({**parameters, **state, "iss": settings.OIDC_ISSUER}, quote_via=quote)
        return f"{uri}{'&' if '?' in uri else '?'}{given}"

    def refusal(self, error: OAuthError) -> str:
        """The redirect that tells the client why not."""
        return self.answer({"error": error.error, "error_description": error.description})
