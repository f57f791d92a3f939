"""« Je choisis un compte pour me connecter » (I03, I04, I05), and where the choice leads."""

from contextlib import suppress

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from franceconnect.simulator import clients, providers
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.hub import answers, interactions
from franceconnect.simulator.identification import asked_level
from franceconnect.simulator.identity_provider import msa
from franceconnect.simulator.middleware import HubRequest
from franceconnect.simulator.providers import Choice, Provider
from franceconnect.simulator.state import Interaction, Session

REMEMBERED = "fc_fournisseur"
ONE_YEAR = 365 * 24 * 3600


@require_safe
def page(request: HubRequest, interaction: str) -> HttpResponse:
    """A service's hint leads on at once, the first time; a remembered choice stands alone."""
    asked = interactions.find(request.hub, interaction)
    choices = providers.choices(asked.client_id, acr=asked_level(asked))
    if (hinted := _usable(choices, asked.parameters.get("idp_hint", ""))) and not asked.provider:
        return _lead_to(hinted, request.hub, asked)
    remembered = _usable(choices, request.COOKIES.get(REMEMBERED, ""))
    alone = remembered if "tous" not in request.GET and not asked.banner else None
    told = {
        "interaction": asked,
        "service": clients.of(asked.client_id),
        "choices": choices,
        "remembered": remembered,
        "alone": alone,
        "ticked": bool(remembered) or "remember" in request.GET,
    }
    return render(request, "franceconnect/simulator/picker.html", told)


@require_POST
def redirect_to_provider(request: HubRequest) -> HttpResponse:
    """Whoever was greyed out is refused here as well."""
    asked = asked_by(request)
    chosen = providers.find(request.POST.get("provider", ""))
    if not chosen:
        raise HubRefused("Y020019")
    if not chosen.serves(asked.client_id):
        raise HubRefused("Y020023")
    if providers.why_not(chosen, acr=asked_level(asked)):
        raise HubRefused("Y020017")
    response = _lead_to(chosen, request.hub, asked)
    if "remember" in request.POST:
        response.set_cookie(REMEMBERED, chosen.slug, max_age=ONE_YEAR, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(REMEMBERED)
    return response


@require_POST
def turn_back(request: HubRequest, interaction: str) -> HttpResponse:
    """« Revenir sur … » (B5)."""
    asked = interactions.find(request.hub, interaction)
    return answers.refuse(request.hub, asked, "access_denied", answers.GAVE_UP)


def asked_by(request: HubRequest) -> Interaction:
    """Which request a form is about; this browser's last one when it does not say. Raises HubRefused."""
    said = request.POST.get("interaction", "")
    found = None if said else waiting(request.hub)
    return found or interactions.find(request.hub, said)


def waiting(session: Session) -> Interaction | None:
    """The last request of this browser that still wants an answer."""
    for each in reversed(session.interactions.values()):
        with suppress(HubRefused):
            return interactions.find(session, each.id)
    return None


def _lead_to(chosen: Provider, session: Session, interaction: Interaction) -> HttpResponse:
    interaction.provider, interaction.banner, interaction.refusal = chosen.slug, "", ""
    if chosen.is_real:
        return msa.begin(session, interaction)
    return HttpResponseRedirect(f"/fournisseurs/{chosen.slug}/?interaction={interaction.id}")


def _usable(choices: tuple[Choice, ...], slug: str) -> Provider | None:
    return next((each.provider for each in choices if each.provider.slug == slug and not each.why_not), None)
