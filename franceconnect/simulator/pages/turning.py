"""The page of knobs: what a tester turns, how it stands, and back to how FranceConnect is."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from franceconnect.simulator import keys, state
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.middleware import HubRequest
from franceconnect.simulator.pages.knob_fields import FIELDS, FIELDSETS, Kind, ValueUnknown


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HubRequest) -> HttpResponse:
    """`partial` leaves what is not sent as it stands; without it an unticked box is a no. All or nothing is turned."""
    told: dict[str, object] = {"fieldsets": FIELDSETS, "saved": "enregistre" in request.GET}
    if request.method != "POST":
        return render(request, "franceconnect/simulator/knobs.html", told)
    unticked = set() if request.POST.get("partial") else {Kind.FLAG, Kind.MANY}
    try:
        read = {
            name: each.read(request.POST.getlist(name))
            for name, each in FIELDS.items()
            if name in request.POST or each.kind in unticked
        }
    except ValueUnknown as unknown:
        told["unknown"] = FIELDS[unknown.name]
        return render(request, "franceconnect/simulator/knobs.html", told, status=400)
    with state.lock:
        for name, value in read.items():
            setattr(knobs, name, value)
    return HttpResponseRedirect("/reglages/?enregistre")


@require_POST
def reset(request: HubRequest) -> HttpResponse:
    """Every knob in its place, every session forgotten, the keys of the start."""
    with state.lock:
        knobs.reset()
        state.forget_everything()
    keys.reset()
    return HttpResponseRedirect("/reglages/?enregistre")
