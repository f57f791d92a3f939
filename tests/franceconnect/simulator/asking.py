"""A service that asks the hub, as its tests do: the portal's own registration, spoken by hand."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from django.conf import settings

from tests.oidc.tokens import Expected, claims_of, validated, verified
from tests.simulator import CLIENT_ID, CLIENT_SECRET, HubBrowser, Simulator

CALLBACK = f"{settings.BASE_URL}/franceconnect/retour/"
LOGOUT_CALLBACK = f"{settings.BASE_URL}/franceconnect/deconnexion/retour/"


@dataclass
class Asking:
    """One service at one hub, with a browser for its visitor."""

    hub: Simulator
    browser: HubBrowser = field(init=False)
    sent: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = self.hub.browser()

    def url(self, **but: str | None) -> str:
        """A request as FranceConnect wants it, but for what is said; None leaves a parameter out."""
        usual: dict[str, str | None] = {
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid identite_pivot preferred_username email",
            "acr_values": "eidas1",
            "state": secrets.token_hex(32),
            "nonce": secrets.token_hex(32),
        }
        self.sent = {name: value for name, value in {**usual, **but}.items() if value is not None}
        return f"{self.hub.issuer}/authorize?{urlencode(self.sent)}"

    def refusal(self, url: str) -> tuple[int, str]:
        """Status and text of the hub's own page; the visitor was led nowhere."""
        self.browser.visit(url)
        assert not self.browser.left_for, "an error of the hub's own leads nowhere"
        return self.browser.response.status_code, self.browser.response.text

    def answer(self, url: str) -> dict[str, str]:
        """What came back to the callback without a page between."""
        self.browser.visit(url)
        assert self.browser.left_for.partition("?")[0] == CALLBACK, self.browser.response.text
        return said(self.browser.left_for)

    def code(self, *, citizen: str = "orsini", **but: str | None) -> str:
        return said(self.browser.walk(self.url(**but), citizen=citizen))["code"]

    def exchange(self, code: str | None, **but: str | None) -> requests.Response:
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        form = {name: value for name, value in {**usual, **but}.items() if value is not None}
        return requests.post(f"{self.hub.issuer}/token", form, timeout=10)

    def tokens(self, **who: Any) -> dict[str, Any]:
        answer = self.exchange(self.code(**who))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def jwks(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.hub.issuer}/jwks", timeout=10).json())

    def id_token(self, had: dict[str, Any], *, alg: str = "ES256") -> dict[str, Any]:
        """Its claims, believed by a strict reader (another library than the hub's)."""
        claims = verified(had["id_token"], alg=alg, jwks=self.jwks())
        validated(claims, Expected(self.hub.issuer, CLIENT_ID, alg, nonce=self.sent["nonce"]), now=claims["iat"])
        return claims

    def ask_who(self, access_token: str) -> requests.Response:
        bearer = {"Authorization": f"Bearer {access_token}"}
        return requests.get(f"{self.hub.issuer}/userinfo", headers=bearer, timeout=10)

    def identity(self, had: dict[str, Any], *, alg: str = "ES256") -> dict[str, Any]:
        answer = self.ask_who(had["access_token"])
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jwt"), answer.text
        return verified(answer.text, alg=alg, jwks=self.jwks())

    def sign_out_url(self, id_token: str, **but: str | None) -> str:
        usual = {"id_token_hint": id_token, "post_logout_redirect_uri": LOGOUT_CALLBACK, "state": "s" * 32}
        given = {name: value for name, value in {**usual, **but}.items() if value is not None}
        return f"{self.hub.issuer}/session/end?{urlencode(given)}"


def said(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def as_json(value: object) -> str:
    return json.dumps(value)


__all__ = ["CALLBACK", "CLIENT_ID", "LOGOUT_CALLBACK", "Asking", "as_json", "claims_of", "said"]
