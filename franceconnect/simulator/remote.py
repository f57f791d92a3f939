"""Calls from one server to another, each within FranceConnect's six seconds (fact A3)."""

from collections.abc import Mapping
from typing import Any

import requests

PATIENCE = 6.0
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class Unreachable(Exception):
    """No answer in time, another status than 2xx, or not the document that was asked for."""


def document(url: str) -> dict[str, Any]:
    """A JSON object. Raises Unreachable."""
    return _object(_answered("GET", url))


def discovery(issuer: str) -> dict[str, Any]:
    """The metadata of an OpenID provider, which has the name that we know it by. Raises Unreachable."""
    found = document(issuer + DISCOVERY)
    if found.get("issuer") != issuer:
        raise Unreachable("another issuer")
    if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
        raise Unreachable("no endpoints")
    return found


def tokens(url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """What a token endpoint gives for a code. Raises Unreachable."""
    return _object(_answered("POST", url, data=dict(form), headers={"Accept": "application/json"}))


def userinfo(url: str, access_token: str) -> tuple[str, str]:
    """The media type and the body. Raises Unreachable."""
    answer = _answered("GET", url, headers={"Authorization": f"Bearer {access_token}"})
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(), answer.text


def _answered(method: str, url: str, **told: Any) -> requests.Response:
    try:
        with requests.Session() as line:
            # Not by a proxy of this machine's: everybody lives on it.
            line.trust_env = False
            answer = line.request(method, url, timeout=PATIENCE, allow_redirects=False, **told)
    except requests.RequestException as failed:
        raise Unreachable(type(failed).__name__) from None
    if not 200 <= answer.status_code < 300:
        raise Unreachable(f"status {answer.status_code}")
    return answer


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        raise Unreachable("no JSON") from None
    if not isinstance(found, dict):
        raise Unreachable("no JSON object")
    return found
