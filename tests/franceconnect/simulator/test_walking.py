"""A service, the hub and a citizen, from the request to the identity: the way that everybody's tests stand on."""

import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from tests.oidc.tokens import Expected, validated, verified
from tests.simulator import CLIENT_ID, CLIENT_SECRET


def test_a_citizen_arrives_with_an_identity(simulator, settings):
    """Facts B1 to B3."""
    callback = f"{settings.BASE_URL}/franceconnect/retour/"
    asked = {
        "client_id": CLIENT_ID, "redirect_uri": callback, "response_type": "code", "acr_values": "eidas1",
        "scope": "openid identite_pivot email", "state": secrets.token_hex(32), "nonce": secrets.token_hex(32),
    }  # fmt: skip
    back = simulator.walk(f"{simulator.issuer}/authorize?{urlencode(asked)}")
    assert back.partition("?")[0] == callback
    said = dict(parse_qsl(urlsplit(back).query))
    assert (said["state"], said["iss"]) == (asked["state"], simulator.issuer)
    form = {"grant_type": "authorization_code", "code": said["code"], "redirect_uri": callback}
    form |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    had = requests.post(f"{simulator.issuer}/token", form, timeout=10).json()
    jwks = requests.get(f"{simulator.issuer}/jwks", timeout=10).json()
    claims = verified(had["id_token"], alg="ES256", jwks=jwks)
    validated(claims, Expected(simulator.issuer, CLIENT_ID, "ES256", nonce=asked["nonce"]))
    bearer = {"Authorization": f"Bearer {had['access_token']}"}
    answer = requests.get(f"{simulator.issuer}/userinfo", headers=bearer, timeout=10)
    assert answer.headers["Content-Type"] == "application/jwt"
    identity = verified(answer.text, alg="ES256", jwks=jwks)
    assert identity["sub"] == claims["sub"]
    assert len(identity["sub"]) == 66
    assert identity["family_name"] == "ORSINI"
