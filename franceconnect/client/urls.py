"""Addresses of FranceConnect as a way in."""

from django.urls import path
from django.views.generic import TemplateView

from franceconnect.client.views import documents, first_time, my_account, problem, round_trip, sign_out

urlpatterns = [
    path("franceconnect/connexion/", round_trip.Start.as_view(), name="start"),
    path("franceconnect/retour/", round_trip.Callback.as_view(), name="callback"),
    path("franceconnect/identifiant/", first_time.Identify.as_view(), name="identify"),
    path("franceconnect/inscription/", first_time.Register.as_view(), name="register"),
    path("franceconnect/deconnexion/retour/", sign_out.SignedOut.as_view(), name="sign_out_callback"),
    path(
        "franceconnect/deconnexion/terminee/",
        TemplateView.as_view(template_name="franceconnect/client/signed_out.html"),
        name="signed_out",
    ),
    path("franceconnect/adresses-de-retour.json", documents.sector_identifier, name="sector_identifier"),
    path("franceconnect/probleme/<slug:slug>/", problem.problem, name="problem"),
    path("mon-compte/franceconnect/associer/", my_account.Associate.as_view(), name="associate"),
    path("mon-compte/franceconnect/dissocier/", my_account.Dissociate.as_view(), name="dissociate"),
]
