"""The discovery document: what this provider does, and where (OpenID Connect Discovery 1.0, section 3; RFC 8414)."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from franceconnect import claims
from franceconnect.models import Client
from franceconnect.provider.checks import PROMPTS
from franceconnect.public_keys import SIGNATURES

ENDPOINTS = {
    "authorization_endpoint": "provider:authorize",
    "token_endpoint": "provider:token",
    "userinfo_endpoint": "provider:userinfo",
    "revocation_endpoint": "provider:revoke",
    "end_session_endpoint": "provider:logout",
    "jwks_uri": "provider:jwks",
    # For people: whom to ask, what becomes of the data, the terms.
    "service_documentation": "help",
    "op_policy_uri": "privacy",
    "op_tos_uri": "terms",
}
OF_THE_TOKEN = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "jti")


def document() -> dict[str, Any]:
    """Every member is true of what we do: clients configure themselves by it (FI 1; conformance plan *config*)."""
    signed = list(Client.SigningAlg.values)
    encrypted = [alg for alg in Client.EncryptionAlg.values if alg]
    authenticated = list(Client.AuthMethod.values)
    return {
        "issuer": settings.OIDC_ISSUER,
        **{member: settings.BASE_URL + reverse(name) for member, name in ENDPOINTS.items()},
        "scopes_supported": ["openid", *claims.BY_SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": ["eidas1"],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["fr"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*OF_THE_TOKEN, *sorted(claims.TO_OTHERS)],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        # Said, for its default is true.
        "request_uri_parameter_supported": False,
        "id_token_signing_alg_values_supported": signed,
        "id_token_encryption_alg_values_supported": encrypted,
        "id_token_encryption_enc_values_supported": ["A256GCM"],
        "userinfo_signing_alg_values_supported": signed,
        "userinfo_encryption_alg_values_supported": encrypted,
        "userinfo_encryption_enc_values_supported": ["A256GCM"],
        "token_endpoint_auth_methods_supported": authenticated,
        "token_endpoint_auth_signing_alg_values_supported": list(SIGNATURES),
        "revocation_endpoint_auth_methods_supported": authenticated,
        "revocation_endpoint_auth_signing_alg_values_supported": list(SIGNATURES),
    }
