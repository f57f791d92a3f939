"""What an authorization request must fulfil, one rule a function, in this order (J04, R15; FI 2, 3, 10)."""

import re
from collections.abc import Callable
from dataclasses import replace

from franceconnect import clients
from franceconnect.models import Client
from franceconnect.provider import tokens
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.errors import OAuthError, page_only

Check = Callable[[AuthorizationRequest], None]

# Control characters, and halves of characters, which cannot be written down.
CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
LONGEST = {"state": 2048, "nonce": 255, "claims": 4096, "id_token_hint": 8192, "scope": 1024, "redirect_uri": 2048}
LONGEST_OTHERWISE = 512
# RFC 7636, 4.2: BASE64URL(SHA256(…)), without padding.
S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PROMPTS = {"none", "login", "consent", "select_account"}
# What a password gives (A6); a client may be registered for more, and does not get it.
EARNED = frozenset({"eidas1"})
REQUEST_OBJECTS = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


def check(request: AuthorizationRequest) -> AuthorizationRequest:
    """The request with its client, or OAuthError."""
    request = replace(request, client=known_client(request))
    if not request.known_client.redirect_uri_allowed(request["redirect_uri"]):
        # Perhaps it was registered a moment ago.
        request = replace(request, client=clients.read(request["client_id"]) or request.client)
    redirect_uri_is_registered(request)
    for rule in AUTHORIZATION_CHECKS:
        rule(request)
    return request


# Broken here: a page of ours, never a redirect -----------------------------------------------------------------------


def known_client(request: AuthorizationRequest) -> Client:
    client_id = request["client_id"]
    if "client_id" in request.repeated or not is_clean("client_id", client_id):
        raise page_only("client_id is malformed")
    client = clients.find(client_id)
    if client is None:
        raise page_only("client_id is unknown")
    return client


def redirect_uri_is_registered(request: AuthorizationRequest) -> None:
    """By exact string (RFC 9700, 2.1); always required (Core, 3.1.2.1)."""
    uri = request["redirect_uri"]
    if "redirect_uri" in request.repeated or not uri or not request.known_client.redirect_uri_allowed(uri):
        raise page_only("redirect_uri is not registered")


# Broken here: back to the client with the error -----------------------------------------------------------------------


def parameters_are_clean(request: AuthorizationRequest) -> None:
    """RFC 6749, 3.1: none twice. No control characters; nothing longer than anybody needs."""
    if request.repeated:
        raise OAuthError("invalid_request", "a parameter is repeated")
    if not all(is_clean(name, value) for name, value in request.parameters.items()):
        raise OAuthError("invalid_request", "a parameter is malformed or too long")


def is_clean(name: str, value: str) -> bool:
    return len(value) <= LONGEST.get(name, LONGEST_OTHERWISE) and not CONTROL.search(value)


def no_request_object(request: AuthorizationRequest) -> None:
    for name, error in REQUEST_OBJECTS.items():
        if request[name]:
            raise OAuthError(error, f"{name} is not supported")


def code_flow_only(request: AuthorizationRequest) -> None:
    if not request["response_type"]:
        raise OAuthError("invalid_request", "response_type is missing")
    if request["response_type"] != "code":
        raise OAuthError("unsupported_response_type", "only response_type=code is supported")
    if request["response_mode"] not in ("", "query"):
        raise OAuthError("invalid_request", "only response_mode=query is supported")


def openid_scope(request: AuthorizationRequest) -> None:
    """Scopes that we do not know are left alone (Core, 3.1.2.1)."""
    if "openid" not in request.scopes:
        raise OAuthError("invalid_scope", "scope must contain openid")


def state_and_nonce(request: AuthorizationRequest) -> None:
    """FranceConnect always sends both (FI 2); others may leave them out."""
    if request.known_client.is_federation and not (request["state"] and request["nonce"]):
        raise OAuthError("invalid_request", "state and nonce are required")


def challenge_is_s256(request: AuthorizationRequest) -> None:
    """RFC 7636; `plain` protects nothing (RFC 9700, 2.1.1)."""
    challenge, method = request["code_challenge"], request["code_challenge_method"]
    if not challenge:
        if request.known_client.pkce_required:
            raise OAuthError("invalid_request", "code_challenge is required")
        return
    if method != "S256":
        raise OAuthError("invalid_request", "code_challenge_method must be S256")
    if not S256_CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "code_challenge is malformed")


def prompt_makes_sense(request: AuthorizationRequest) -> None:
    if request.prompt - PROMPTS or ("none" in request.prompt and len(request.prompt) > 1):
        raise OAuthError("invalid_request", "prompt is malformed")


def values_can_be_read(request: AuthorizationRequest) -> None:
    """Reading raises what is wrong with them."""
    _ = request.max_age, request.claims


def acr_can_be_met(request: AuthorizationRequest) -> None:
    """A level we cannot give, asked for as essential (Core, 5.5.1.1); FranceConnect asks for what it needs (A6)."""
    allowed = EARNED.intersection(request.known_client.acr_allowed)
    wanted = request.essential_acr
    if wanted is None and request.known_client.is_federation and request["acr_values"]:
        wanted = frozenset(request["acr_values"].split())
    if wanted is not None and not wanted & allowed:
        raise OAuthError("unmet_authentication_requirements", "the requested acr cannot be met")


def hint_is_ours(request: AuthorizationRequest) -> None:
    """An id_token_hint, expired or not, that this client once got from us."""
    if request["id_token_hint"]:
        claims = tokens.read_id_token(request["id_token_hint"])
        if claims is None or claims.get("aud") != request.known_client.client_id:
            raise OAuthError("invalid_request", "id_token_hint is not one of ours")


AUTHORIZATION_CHECKS: tuple[Check, ...] = (
    parameters_are_clean,
    no_request_object,
    code_flow_only,
    openid_scope,
    state_and_nonce,
    challenge_is_s256,
    prompt_makes_sense,
    values_can_be_read,
    acr_can_be_met,
    hint_is_ours,
)
