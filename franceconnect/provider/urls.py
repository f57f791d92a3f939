"""The provider's addresses: the standards' words for machines, French for the pages on the way."""

from django.urls import path

from franceconnect.provider.views import authorize, documents, endpoints, interaction, logout, pages

app_name = "provider"
ON_THE_WAY = "oidc/demande/<uuid:interaction>/"
urlpatterns = [
    path(".well-known/openid-configuration", documents.discovery, name="discovery"),
    path("oidc/jwks", documents.jwks, name="jwks"),
    path("status", documents.status, name="status"),
    path("oidc/authorize", authorize.Authorize.as_view(), name="authorize"),
    path("oidc/token", endpoints.Token.as_view(), name="token"),
    path("oidc/userinfo", endpoints.UserInfo.as_view(), name="userinfo"),
    path("oidc/revoke", endpoints.Revocation.as_view(), name="revoke"),
    path("oidc/logout", logout.Logout.as_view(), name="logout"),
    path("oidc/logout/confirmer", logout.ConfirmLogout.as_view(), name="confirm_logout"),
    path(f"{ON_THE_WAY}retour/", interaction.Cancel.as_view(), name="cancel"),
    path(ON_THE_WAY, interaction.Continue.as_view(), name="continue"),
    path(f"{ON_THE_WAY}connexion/", pages.SignInHere.as_view(), name="sign_in"),
    path(f"{ON_THE_WAY}mot-de-passe/", pages.PersonaliseHere.as_view(), name="personalise_password"),
    path(f"{ON_THE_WAY}coordonnees/", pages.ConfirmHere.as_view(), name="confirm_contact"),
    path(f"{ON_THE_WAY}coordonnees/email/", pages.ConfirmEmailHere.as_view(), name="confirm_email"),
    path(f"{ON_THE_WAY}conditions/", pages.Eligibility.as_view(), name="eligibility"),
    path(f"{ON_THE_WAY}autorisation/", pages.Consent.as_view(), name="consent"),
]
