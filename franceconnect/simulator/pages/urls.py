"""Addresses of the pages that people see; those below /api/v2/ are FranceConnect's own."""

from django.urls import path

from franceconnect.simulator.pages import consent, demonstration, guide, picker, refusal, stylesheet, turning

urlpatterns = [
    path("", guide.home, name="home"),
    path("citoyens/", guide.citizens_list, name="citizens"),
    path("reglages/", turning.page, name="knobs"),
    path("reglages/remise-a-zero/", turning.reset, name="reset"),
    path("donnees-personnelles/", consent.personal_data, name="personal_data"),
    path("simulateur-<slug:digest>.css", stylesheet.sheet, name="stylesheet"),
    path("simulateur-<slug:digest>.svg", stylesheet.icon, name="icon"),
    path("fournisseurs/<slug:provider>/", demonstration.page, name="demonstration"),
    path("api/v2/redirect-to-idp", picker.redirect_to_provider, name="redirect_to_provider"),
    path("api/v2/login", consent.go_on, name="go_on"),
    path("api/v2/interaction/<slug:interaction>", picker.page, name="picker"),
    path("api/v2/interaction/<slug:interaction>/retour", picker.turn_back, name="turn_back"),
    path("api/v2/interaction/<slug:interaction>/consent", consent.page, name="consent"),
    path("api/v2/interaction/<slug:interaction>/pas-moi", consent.not_me, name="not_me"),
    path("api/v2/interaction/<slug:interaction>/refus", refusal.page, name="refusal"),
]
