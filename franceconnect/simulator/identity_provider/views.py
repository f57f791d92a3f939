"""Where MSA sends its visitors back, and where it reads the hub's keys (fact A1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_safe

from franceconnect.simulator import identification
from franceconnect.simulator.hub import session_end
from franceconnect.simulator.identity_provider import keys, msa
from franceconnect.simulator.middleware import HubRequest

# A8: whatever it was, MSA told its visitor; FranceConnect says where they are.
WITHOUT_AN_ANSWER = "Vous n'avez pas été connecté avec votre compte MSA. Réessayez, ou choisissez un autre compte."


@require_GET
def callback(request: HubRequest) -> HttpResponse:
    interaction, nonce = msa.come_back(request.hub, request.GET)
    try:
        vouched = msa.finish(request.GET, nonce=nonce)
    except msa.CameBackWithError:
        return identification.back_to_picker(interaction, WITHOUT_AN_ANSWER)
    return identification.identify(
        request.hub,
        interaction,
        provider=msa.SLUG,
        claims=dict(vouched.claims),
        acr=vouched.acr,
        id_token=vouched.id_token,
    )


@require_GET
def logout_callback(request: HubRequest) -> HttpResponse:
    """FranceConnect looks at nothing that comes back here (A8)."""
    return session_end.finish(request.hub)


@require_safe
def encryption_keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse(keys.public(), headers={"Cache-Control": "public, max-age=600"})
