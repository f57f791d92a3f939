"""Relying parties that are registered with us, as the provider's tests need them."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from franceconnect import registration
from franceconnect.models import Client
from tests.oidc.relying_party import FEDERATION_SCOPE, RelyingParty

# What the preset of FranceConnect's sandbox registers.
FC_CALLBACK = "https://fcp-low.sbx.dev-franceconnect.fr/api/v2/oidc-callback"
FC_LOGOUT_CALLBACK = "https://fcp-low.sbx.dev-franceconnect.fr/api/v2/client/logout-callback"
CALLBACK = "https://service.example/retour"
LOGOUT_CALLBACK = "https://service.example/au-revoir"


def franceconnect(client_id: str = "franceconnect", **agreed: Any) -> RelyingParty:
    """FranceConnect as it calls us: no PKCE, the secret in the form, `prompt=login` and one acr each time (A2, A3)."""
    party = _registered(client_id, preset="franceconnect-integration", **agreed)
    return party.but(scope=FEDERATION_SCOPE, always={"acr_values": "eidas1", "prompt": "login"})


def standard(client_id: str = "service", **agreed: Any) -> RelyingParty:
    """A service like any other, by the standard: PKCE, the secret in the header. No consent page."""
    usual = {
        "name": "Le service d'essai",
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [LOGOUT_CALLBACK],
        "skip_authorization": True,
    }
    return _registered(client_id, preset="standard", **{**usual, **agreed})


def _registered(client_id: str, *, preset: str, key: Any = None, **columns: Any) -> RelyingParty:
    if key is not None:
        columns["jwks"] = {"keys": [key.as_dict(private=False)]}
    new = registration.register(client_id, preset=preset, now=timezone.now(), **columns)
    return party_of(new.client, secret=new.secret or "").but(key=key)


def party_of(client: Client, *, secret: str) -> RelyingParty:
    """What the other side writes down of a registration."""
    in_a_token = client.userinfo_format == Client.UserinfoFormat.JWT or client.encryption_alg
    return RelyingParty(
        issuer=settings.OIDC_ISSUER,
        client_id=client.client_id,
        redirect_uri=client.redirect_uris.split()[0],
        secret=secret,
        auth_method=str(client.auth_method),
        pkce=client.pkce_required,
        id_token_alg=str(client.algorithm),
        userinfo_alg=str(client.algorithm) if in_a_token else "",
        encryption_alg=str(client.encryption_alg),
        post_logout_redirect_uri=next(iter(client.post_logout_redirect_uris.split()), ""),
    )
