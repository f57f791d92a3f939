"""An address that is nobody's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "franceconnect/simulator/missing.html", status=404)
