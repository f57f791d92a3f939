"""What FranceConnect may read of us beside the sign-in."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe


@require_safe
def sector_identifier(request: HttpRequest) -> JsonResponse:
    """OpenID Connect Core, 8.1; FS 22: the addresses that are one service's, so that its sub stays the same.

    Login callbacks only: FranceConnect refuses the list when an address to come back to after a sign-out is in it.
    """
    return JsonResponse([settings.BASE_URL + reverse("franceconnect:callback")], safe=False)
