"""Addresses of the simulator: the hub's are FranceConnect's own (facts A1, B1)."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v2/", include("franceconnect.simulator.hub.urls")),
    path("", include("franceconnect.simulator.identity_provider.urls")),
    path("", include("franceconnect.simulator.services.urls")),
    path("", include("franceconnect.simulator.pages.urls")),
]

handler404 = "franceconnect.simulator.pages.missing.page"
