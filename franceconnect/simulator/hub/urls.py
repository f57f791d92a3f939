"""What FranceConnect's discovery document names, under /api/v2/ (facts B1)."""

from django.urls import path

from franceconnect.simulator.hub import authorize, discovery, revocation, session_end, token, userinfo

# The names are those that the knobs for slow and failing endpoints know.
urlpatterns = [
    path(".well-known/openid-configuration", discovery.document, name="discovery"),
    path("jwks", discovery.jwks, name="jwks"),
    path("authorize", authorize.authorize, name="authorize"),
    path("token", token.token, name="token"),
    path("userinfo", userinfo.userinfo, name="userinfo"),
    path("token/revocation", revocation.revoke, name="revocation"),
    path("session/end", session_end.begin, name="end_session"),
    path("session/end/confirm", session_end.confirm, name="end_session_confirm"),
]
