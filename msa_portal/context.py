"""What every template knows of the portal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import banners


def portal(request: HttpRequest) -> dict[str, Any]:
    """The request's reference, the demonstration's mark, what does not work at the moment."""
    told = SimpleLazyObject(lambda: banners.current(now=timezone.now()))
    return {"request_id": getattr(request, "id", ""), "demo": settings.DEMO, "banners": told}
