"""Addresses of the two services (contract)."""

from django.urls import path

from franceconnect.simulator.services import views

urlpatterns = [
    path("services/<slug:slug>/", views.home, name="service"),
    path("services/<slug:slug>/connexion/", views.begin, name="service_begin"),
    path("services/<slug:slug>/retour/", views.come_back, name="service_come_back"),
    path("services/<slug:slug>/deconnexion/", views.sign_out, name="service_sign_out"),
    path("services/<slug:slug>/deconnexion/retour/", views.signed_out, name="service_signed_out"),
]
