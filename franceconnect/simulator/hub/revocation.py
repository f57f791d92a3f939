"""A service gives an access token back (RFC 7009)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from franceconnect.simulator import state
from franceconnect.simulator.hub.authentication import authenticated
from franceconnect.simulator.hub.oauth_errors import MALFORMED, OAuthRefused


def revoke(request: HttpRequest) -> HttpResponse:
    """A token that is nobody's or another's is no error (RFC 7009, 2.2)."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        service = authenticated(request.POST.dict())
        if not (given := request.POST.get("token")):
            raise OAuthRefused("invalid_request", "missing required parameter(s) token", code=MALFORMED)
    except OAuthRefused as refused:
        return refused.answer()
    with state.lock:
        grant = state.tokens.get(given)
        if grant and grant.client_id == service.client_id:
            del state.tokens[given]
    return HttpResponse(status=200)
