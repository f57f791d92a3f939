"""The provider's addresses: the standards' words for machines, French for the pages on the way."""

from django.urls import URLPattern

app_name = "provider"
urlpatterns: list[URLPattern] = []
