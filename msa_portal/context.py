"""What every template knows of the portal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """The request's reference and the demonstration's mark."""
    return {"request_id": getattr(request, "id", ""), "demo": settings.DEMO}
