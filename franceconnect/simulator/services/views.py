"""The pages of the two services (J11 to J14, I17)."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST, require_safe

from franceconnect.simulator import clock
from franceconnect.simulator.services import relying_party, service, visits, words
from franceconnect.simulator.services.relying_party import Problem
from franceconnect.simulator.services.service import DemoService
from franceconnect.simulator.services.visits import Received, Visit

# Info Retraite: the simulator is for those who have time, the correction for those who will retire soon (J12).
BEFORE, FROM = 45, 55
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, DemoService, Visit, P], HttpResponse]


def at_a_service(view: View[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """The view is given the service and this browser's visit to it; the cookie is the service's own."""

    @wraps(view)
    def visited(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = service.find(slug)
        if not found:
            raise Http404
        visit = visits.of(found, request.COOKIES.get(visits.cookie(found), ""), now=clock.now())
        response = view(request, found, visit, *args, **kwargs)
        response.set_cookie(
            visits.cookie(found), visit.id, max_age=visits.LIFE, path=found.home, httponly=True, samesite="Lax"
        )
        return response

    return visited


@require_safe
@at_a_service
def home(request: HttpRequest, found: DemoService, visit: Visit) -> HttpResponse:
    told = _told(visit.received) if visit.received else {}
    return _page(request, found, found.template, **told)


@require_GET
@at_a_service
def begin(request: HttpRequest, found: DemoService, visit: Visit) -> HttpResponse:
    try:
        return HttpResponseRedirect(relying_party.begin(found, visit))
    except Problem as problem:
        return _problem(request, found, problem)


@require_GET
@at_a_service
def come_back(request: HttpRequest, found: DemoService, visit: Visit) -> HttpResponse:
    try:
        relying_party.finish(found, visit, request.GET)
    except Problem as problem:
        return _problem(request, found, problem)
    return HttpResponseRedirect(found.home)


@require_POST
@at_a_service
def sign_out(request: HttpRequest, found: DemoService, visit: Visit) -> HttpResponse:
    """Here first: whatever becomes of FranceConnect, nobody is signed in at this service any more."""
    try:
        there = relying_party.sign_out_address(found, visit)
    except Problem:
        return _page(request, found, "franceconnect/simulator/services/signed_out.html", alone=True)
    return HttpResponseRedirect(there or found.home)


@require_GET
@at_a_service
def signed_out(request: HttpRequest, found: DemoService, visit: Visit) -> HttpResponse:
    expected = visits.take(visit, "sign_out_state", request.GET.get("state", ""))
    return _page(request, found, "franceconnect/simulator/services/signed_out.html", expected=expected)


def _problem(request: HttpRequest, found: DemoService, problem: Problem) -> HttpResponse:
    """Everything as it came, but for a code, which might still be good for something."""
    came = [(name, "…" if name == "code" else value) for name, value in request.GET.items()]
    told = {"problem": problem, "came": came}
    return _page(request, found, "franceconnect/simulator/services/problem.html", status=400, **told)


def _page(request: HttpRequest, found: DemoService, template: str, *, status: int = 200, **told: Any) -> HttpResponse:
    context = {"service": found, "other": service.other_than(found), **told}
    return render(request, template, context, status=status)


def _told(received: Received) -> dict[str, Any]:
    claims = received.claims
    age = years_since(str(claims.get("birthdate", "")), today=datetime.fromtimestamp(clock.now(), words.PARIS).date())
    return {
        "received": received,
        "at": words.moment(received.at),
        "name": f"{claims.get('given_name', '')} {claims.get('family_name', '')}".strip(),
        "claims": words.lines(claims),
        "id_token_claims": words.lines(received.id_token_claims),
        "age": age,
        "is_young": age is not None and age < BEFORE,
        "is_near": age is not None and age >= FROM,
    }


def years_since(birthdate: str, *, today: date) -> int | None:
    """The age on a day, when the birth date can be read."""
    try:
        born = date.fromisoformat(birthdate)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
