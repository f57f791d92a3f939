"""A code becomes two tokens, once, for the service it was made for, within 30 s (facts B3, B5)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from franceconnect.simulator import clock, state
from franceconnect.simulator.clients import Service
from franceconnect.simulator.hub import tokens
from franceconnect.simulator.hub.authentication import authenticated
from franceconnect.simulator.hub.oauth_errors import INVALID_GRANT, MALFORMED, OAuthRefused


def token(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        service = authenticated(request.POST.dict())
        grant, access_token = redeem(request, service)
    except OAuthRefused as refused:
        return refused.answer()
    return JsonResponse(
        {
            "access_token": access_token,
            "expires_in": state.TOKEN_LIFE,
            "id_token": tokens.id_token(grant, service),
            "scope": grant.scope,
            "token_type": "Bearer",
        }
    )


def redeem(request: HttpRequest, service: Service) -> tuple[state.Grant, str]:
    """Raises OAuthRefused."""
    form = request.POST
    if any(len(values) > 1 for _, values in form.lists()) or not form.get("code") or not form.get("redirect_uri"):
        raise OAuthRefused("invalid_request", "a parameter is missing or repeated", code=MALFORMED)
    if form.get("grant_type") != "authorization_code":
        raise OAuthRefused("unsupported_grant_type", "unsupported grant_type requested")
    with state.lock:
        grant = state.codes.get(form["code"])
        if grant and grant.used:
            _forget_tokens(grant)
        if not grant or grant.used or not _is_for(grant, service, form["redirect_uri"]):
            raise OAuthRefused("invalid_grant", "grant request is invalid", code=INVALID_GRANT)
        grant.used, grant.expires_at = True, clock.now() + state.TOKEN_LIFE
        access_token = state.new_id()
        state.tokens[access_token] = grant
    return grant, access_token


def _is_for(grant: state.Grant, service: Service, redirect_uri: str) -> bool:
    same = (grant.client_id, grant.redirect_uri) == (service.client_id, redirect_uri)
    return same and clock.now() < grant.expires_at


def _forget_tokens(grant: state.Grant) -> None:
    """A code that comes twice was stolen once: what was had for it is worth nothing more (RFC 6749, 4.1.2)."""
    for known in [known for known, other in state.tokens.items() if other is grant]:
        del state.tokens[known]
