"""Addresses of the member's pages about FranceConnect and connected services."""

from django.urls import URLPattern

app_name = "franceconnect"
urlpatterns: list[URLPattern] = []
