"""Where a newcomer begins: what this is, what to try, and who can be played."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from franceconnect.simulator import citizens


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Templates cannot say a hyphen."""
    who = {each.slug.replace("-", "_"): each for each in citizens.citizens()}
    return render(request, "franceconnect/simulator/home.html", {"who": who})


@require_safe
def citizens_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("filter", "")
    told = {"groups": citizens.grouped(asked), "filter": asked}
    return render(request, "franceconnect/simulator/citizens.html", told)
