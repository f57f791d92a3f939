"""« Bienvenue … », « Continuer sur … »: what the service will be told, and the way on to it (I06 to I10)."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from franceconnect.claim_words import LABELS, Shown, shown_as
from franceconnect.simulator import clients, identification, outbox, providers, state
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.hub import answers, interactions
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.middleware import HubRequest
from franceconnect.simulator.pages.picker import asked_by
from franceconnect.simulator.state import Interaction, Session, SignedIn

# What FranceConnect alone tells.
OWN_LABELS = {
    "idp_birthdate": "Date de naissance donnée par le fournisseur d'identité",
    "idp_id": "Fournisseur d'identité",
}


@require_safe
def page(request: HubRequest, interaction: str) -> HttpResponse:
    """Under single sign-on as well (B4); a service that may skip it is answered at once."""
    asked = interactions.find(request.hub, interaction)
    if not asked.signed_in:
        return HttpResponseRedirect(identification.address(asked))
    if not knobs.ask_consent:
        return _answer(request.hub, asked)
    told = {
        "interaction": asked,
        "service": clients.of(asked.client_id),
        "provider": providers.find(asked.signed_in.provider),
        "first_name": asked.signed_in.identity["given_name"].split()[0],
        "shown": shown(asked.signed_in, asked.parameters["scope"].split()),
    }
    return render(request, "franceconnect/simulator/consent.html", told)


@require_POST
def go_on(request: HubRequest) -> HttpResponse:
    asked = asked_by(request)
    if not asked.signed_in:
        raise HubRefused(interactions.NO_SUCH_REQUEST)
    return _answer(request.hub, asked)


@require_POST
def not_me(request: HubRequest, interaction: str) -> HttpResponse:
    """« Ce n'est pas vous ? »: whoever signed in is forgotten, the service's request is not."""
    asked = interactions.find(request.hub, interaction)
    with state.lock:
        request.hub.signed_in = asked.signed_in = None
        request.hub.services.clear()
        request.hub.notified.clear()
        asked.provider = ""
    return HttpResponseRedirect(f"{identification.address(asked)}?tous")


@require_safe
def personal_data(request: HubRequest) -> HttpResponse:
    """I10, I18."""
    return render(request, "franceconnect/simulator/personal_data.html")


def shown(signed_in: SignedIn, scopes: list[str]) -> tuple[Shown, ...]:
    """What userinfo will hold, in the words and the order of I09."""
    told = answers.told(signed_in, scopes)
    common = tuple(shown_as(name, told[name]) for name in LABELS if name in told)
    return common + tuple(Shown(name, label, str(told[name])) for name, label in OWN_LABELS.items() if name in told)


def _answer(session: Session, interaction: Interaction) -> HttpResponse:
    """The e-mail leaves with the code (I16)."""
    response = answers.answer(session, interaction)
    service = clients.of(interaction.client_id)
    assert service
    assert interaction.signed_in
    outbox.notify(session, service, interaction.signed_in, now=datetime.now(UTC))
    return response
