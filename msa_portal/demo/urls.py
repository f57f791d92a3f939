"""Addresses of the demonstration pages; they exist in this mode only."""

from django.urls import path, re_path

from msa_portal.demo.views import mailbox, personas

app_name = "dev"
urlpatterns = [
    path("courriers/", mailbox.listing, name="mailbox"),
    re_path(r"^courriers/(?P<name>[\w.-]+\.eml)/$", mailbox.email, name="email"),
    re_path(r"^courriers/(?P<name>[\w.-]+\.pdf)/$", mailbox.letter, name="letter"),
    path("personas/", personas.listing, name="personas"),
]
