"""Addresses of the portal."""

from django.conf import settings
from django.urls import include, path

# What stands at the support desk: each room puts its own lists there.
from accounts import admin as desk_of_accounts
from accounts.support import site as support_desk
from enrolment import admin as desk_of_enrolment
from franceconnect import admin as desk_of_franceconnect
from franceconnect import admin_conflicts as desk_of_links
from msa_portal.views import errors, health, public

DESK = (desk_of_accounts, desk_of_enrolment, desk_of_franceconnect, desk_of_links)
urlpatterns = [
    path("", public.home, name="home"),
    path("aide/", public.help_by_department, name="help"),
    path("conditions-generales/", public.terms, name="terms"),
    path("mentions-legales/", public.legal, name="legal"),
    path("donnees-personnelles/", public.privacy, name="privacy"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("inscription/", include("enrolment.urls")),
    path("mon-compte/complement-inscription/", include("enrolment.departments.urls")),
    path("", include("accounts.urls")),
    path("", include("franceconnect.urls")),
    path("", include("franceconnect.provider.urls")),
    path("support/", support_desk.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
if settings.DEMO:
    urlpatterns.append(path("dev/", include("msa_portal.demo.urls")))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
