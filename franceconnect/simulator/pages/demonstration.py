"""An identity provider of the demonstration: one picks who one is, without a password."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from franceconnect.simulator import citizens, identity_check, providers
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.hub import interactions
from franceconnect.simulator.identification import back_to_picker, identify
from franceconnect.simulator.middleware import HubRequest


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HubRequest, provider: str) -> HttpResponse:
    """It does not say which service is behind FranceConnect: a provider never learns it (facts A1)."""
    chosen = providers.find(provider)
    if not chosen or chosen.is_real:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    asked = interactions.find(request.hub, given.get("interaction", ""))
    wanted = given.get("filter", "")
    told = {
        "provider": chosen,
        "interaction": asked,
        "levels": providers.LEVELS,
        "filter": wanted,
        "groups": citizens.grouped(wanted),
    }
    if request.method != "POST":
        return render(request, "franceconnect/simulator/demonstration.html", told)
    if "abandon" in request.POST:
        return back_to_picker(
            asked, f"{chosen.name} ne vous a pas identifié. Réessayez, ou choisissez un autre compte."
        )
    citizen = citizens.find(request.POST.get("citizen", ""))
    if not citizen:
        return render(request, "franceconnect/simulator/demonstration.html", {**told, "nobody": True}, status=400)
    if identity_check.broken(citizen.claims):
        raise HubRefused("Y600006")
    acr = request.POST.get("acr", chosen.acr)
    return identify(request.hub, asked, provider=chosen.slug, claims=citizen.claims, acr=acr, id_token="")
