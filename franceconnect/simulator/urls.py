"""Addresses of the simulator: the hub's are FranceConnect's own (facts A1, B1)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
