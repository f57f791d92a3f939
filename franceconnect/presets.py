"""How relying parties of a kind are set up; what a command line may override."""

from typing import Any

from franceconnect.models import Client

# FranceConnect's platforms (fact sheet A1): one callback and one way back from signing out for all identity providers.
SANDBOX, INTEGRATION = "fcp-low.sbx.dev-franceconnect.fr", "fcp-low.integ01.dev-franceconnect.fr"
PRODUCTION = "oidc.franceconnect.gouv.fr"


def _france_connect(*hosts: str) -> dict[str, Any]:
    return {
        "name": "FranceConnect",
        "kind": Client.Kind.FEDERATION,
        "redirect_uris": [f"https://{host}/api/v2/oidc-callback" for host in hosts],
        "post_logout_redirect_uris": [f"https://{host}/api/v2/client/logout-callback" for host in hosts],
        # What every FranceConnect fixture sends (A3); it sends no code_challenge (A2), and consent is given there.
        "auth_method": Client.AuthMethod.POST,
        "pkce_required": False,
        "skip_authorization": True,
        # FranceConnect takes ES256, RS256 or HS256, and userinfo as JSON or as a JWT (A4). ES256 is where its identity
        # providers go, the quickest to sign with, and needs no key of ours at their side; a signed userinfo shows that
        # the identity is ours and meant for this client, whatever stands between.
        "algorithm": Client.SigningAlg.ES256,
        "userinfo_format": Client.UserinfoFormat.JWT,
        # Any other level than the one registered at FranceConnect is an error there (A6, Y100018).
        "acr": "eidas1",
        # Named, so that a new callback host of theirs changes nobody's `sub`.
        "sector": hosts[0],
    }


PRESETS: dict[str, dict[str, Any]] = {
    "standard": {
        "kind": Client.Kind.STANDARD,
        "auth_method": Client.AuthMethod.BASIC,
        "pkce_required": True,
        "skip_authorization": False,
        "algorithm": Client.SigningAlg.ES256,
        "userinfo_format": Client.UserinfoFormat.JSON,
        "acr": "eidas1",
    },
    "franceconnect-integration": _france_connect(SANDBOX, INTEGRATION),
    "franceconnect-production": _france_connect(PRODUCTION),
}
