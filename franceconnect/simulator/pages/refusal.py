"""The register of persons refused: the hub says so; the service hears an error when its visitor goes on (A7)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from franceconnect.simulator import clients, identification, providers, rnipp
from franceconnect.simulator.errors import in_words
from franceconnect.simulator.hub import answers, interactions
from franceconnect.simulator.middleware import HubRequest


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HubRequest, interaction: str) -> HttpResponse:
    asked = interactions.find(request.hub, interaction)
    if not asked.refusal:
        return HttpResponseRedirect(identification.address(asked))
    failure = rnipp.FAILURES[asked.refusal]
    if request.method == "POST":
        return answers.refuse(request.hub, asked, failure.error, asked.refusal)
    told = {
        "interaction": asked,
        "service": clients.of(asked.client_id),
        "provider": providers.find(asked.provider),
        "failure": failure,
        "words": in_words(asked.refusal),
    }
    return render(request, "franceconnect/simulator/refusal.html", told, status=failure.status)
