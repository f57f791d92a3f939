"""Who has signed in, for an access token of the last 60 s (facts B3, B5)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from franceconnect.simulator import clients, clock, state
from franceconnect.simulator.hub import tokens
from franceconnect.simulator.hub.oauth_errors import OAuthRefused


def userinfo(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    try:
        grant = granted(request.headers.get("Authorization", ""))
    except OAuthRefused as refused:
        return refused.answer()
    service = clients.of(grant.client_id)
    assert service is not None, "services come and go with the process"
    if service.userinfo_format == "json":
        return JsonResponse(tokens.userinfo_claims(grant, service))
    return HttpResponse(tokens.userinfo(grant, service), content_type="application/jwt")


def granted(authorization: str) -> state.Grant:
    """Raises OAuthRefused."""
    scheme, _, given = authorization.partition(" ")
    grant = state.tokens.get(given.strip()) if scheme.lower() == "bearer" else None
    if not grant or grant.expires_at <= clock.now():
        raise OAuthRefused("invalid_token", "invalid token provided", status=401)
    return grant
