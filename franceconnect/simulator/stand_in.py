"""Stands where the pages for people will: one page from a request to its answer, and the knobs as forms."""

from dataclasses import fields

from django.http import HttpResponse
from django.urls import path

from franceconnect.simulator import clock, state
from franceconnect.simulator.hub import answers, interactions
from franceconnect.simulator.knobs import Knobs, knobs
from franceconnect.simulator.middleware import HubRequest

CITIZENS = {
    "orsini": {
        "given_name": "Lucie Marie", "family_name": "ORSINI", "birthdate": "1990-11-05", "gender": "female",
        "birthplace": "2B033", "birthcountry": "99100", "email": "lucie.orsini@example.org",
    },
}  # fmt: skip


def page(request: HubRequest, interaction_id: str) -> HttpResponse:
    interaction = interactions.find(request.hub, interaction_id)
    if request.method == "POST":
        if request.POST.get("error"):
            return answers.refuse(request.hub, interaction, request.POST["error"], answers.GAVE_UP)
        who = CITIZENS[request.POST.get("citizen", "orsini")]
        signed_in = state.SignedIn("stand-in", who, clock.now())
        request.hub.signed_in = interaction.signed_in = interaction.signed_in or signed_in
        return answers.answer(request.hub, interaction)
    return HttpResponse('<form method="post"><button>Continuer</button></form>')


def turn(request: HubRequest) -> HttpResponse:
    for each in fields(Knobs):
        if each.name in request.POST:
            kind = type(getattr(Knobs(), each.name))
            given = request.POST[each.name]
            setattr(knobs, each.name, given in ("1", "on", "true") if kind is bool else kind(given))
    return HttpResponse("ok")


def reset(request: HubRequest) -> HttpResponse:
    knobs.reset()
    state.forget_everything()
    return HttpResponse("ok")


urlpatterns = [
    path("api/v2/interaction/<str:interaction_id>", page, name="interaction"),
    path("api/v2/interaction/<str:interaction_id>/consent", page),
    path("reglages/", turn),
    path("reglages/remise-a-zero/", reset),
]
