"""The two documents that a service reads first (facts B1, B3)."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from franceconnect.simulator import clients, keys, settings

CLAIMS = (
    "sub", "given_name", "given_name_array", "family_name", "birthdate", "idp_birthdate", "gender",
    "preferred_username", "birthplace", "birthcountry", "email", "acr", "amr", "idp_id",
)  # fmt: skip
ALGS = ["ES256", "RS256", "HS256"]
AUTH_METHODS = ["client_secret_post", "private_key_jwt"]


def document(request: HttpRequest) -> HttpResponse:
    """Two methods are announced and one is served: no service of ours signs its questions."""
    issuer = settings.ISSUER
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/session/end",
            "revocation_endpoint": f"{issuer}/token/revocation",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": ["eidas1"],
            "scopes_supported": sorted(clients.CLAIMS_OF),
            "claims_supported": list(CLAIMS),
            "claims_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ALGS,
            "userinfo_signing_alg_values_supported": ALGS,
            "token_endpoint_auth_methods_supported": AUTH_METHODS,
            "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        }
    )


def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"keys": keys.published()}, content_type="application/jwk-set+json")
