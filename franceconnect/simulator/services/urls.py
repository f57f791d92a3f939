"""Addresses of the two services (contract)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
