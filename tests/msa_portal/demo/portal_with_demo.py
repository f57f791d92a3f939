"""The portal's addresses as they are in the demonstration."""

from django.urls import include, path

from msa_portal import urls

urlpatterns = [*urls.urlpatterns, path("dev/", include("msa_portal.demo.urls"))]
handler404 = urls.handler404
