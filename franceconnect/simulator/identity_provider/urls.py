"""The hub's addresses for its identity providers (facts A1, A8)."""

from django.urls import path

from franceconnect.simulator.identity_provider import views

urlpatterns = [
    path("api/v2/oidc-callback", views.callback, name="provider_callback"),
    path("api/v2/client/logout-callback", views.logout_callback, name="provider_logout_callback"),
    path("api/v2/client/.well-known/keys", views.encryption_keys, name="provider_keys"),
]
