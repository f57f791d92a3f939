"""Addresses of the pages about FranceConnect, and of the member's connected services."""

from django.urls import include, path

from franceconnect.views import connected, dispute, eligibility, explained

app_name = "franceconnect"
urlpatterns = [
    path("franceconnect/", explained.about, name="about"),
    path("franceconnect/quel-compte-choisir/", explained.which_account, name="which_account"),
    path("franceconnect/puis-je-l-utiliser/", eligibility.may_i_use_it, name="may_i_use_it"),
    path("mon-compte/franceconnect/", eligibility.MyEligibility.as_view(), name="my_eligibility"),
    path("mon-compte/services/", connected.Services.as_view(), name="services"),
    path("franceconnect/ce-n-est-pas-moi/<str:secret>/", dispute.NotMe.as_view(), name="not_me"),
    path("", include("franceconnect.client.urls")),
]
