"""Every request of the simulator: its browser's session, slow and failing endpoints, refusals as pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from franceconnect.simulator import settings

Next = Callable[[HttpRequest], HttpResponse]


class Hub:
    """Puts `request.hub` (state.Session) there, and answers HubRefused with FranceConnect's error page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def known(request: HttpRequest) -> dict[str, Any]:
    """What every template knows."""
    return {"portal_url": settings.PORTAL_URL}
