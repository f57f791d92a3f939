"""The support desk's door, and what an agent does there with relying parties."""

import json
import re
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client as Browser
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from jwcrypto.jwk import JWK

from accounts.models import Account, Entry, Event, Role
from accounts.support import agents, site
from franceconnect import keys
from franceconnect.models import Client, SigningKey
from franceconnect.registration import register, secret_fits
from tests.agents import an_agent, at_desk
from tests.members import an_account
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
CALLBACK = "https://service.example.org/retour"
CLIENTS, ADD = "/support/franceconnect/client/", "/support/franceconnect/client/add/"


@pytest.fixture
def agent() -> Caller:
    """Who sees to the machines: services and keys (accounts.support.roles)."""
    return at_desk(an_agent(Role.OPERATOR))


def a_service(client_id: str = "service", **columns: Any) -> Client:
    return register(client_id, preset="standard", now=timezone.now(), **{"redirect_uris": [CALLBACK], **columns}).client


def page_of(client: Client) -> str:
    return f"{CLIENTS}{client.pk}/change/"


def shown_secret(caller: Caller) -> str:
    """The secret that the page shows."""
    [found] = re.findall(r'id="secret"[^>]* value="([\w-]{43})"', caller.response.content.decode())
    return str(found)


# The door ------------------------------------------------------------------------------------------

PLACES = [
    "/support/",
    "/support/login/",
    "/support/logout/",
    "/support/password_change/",
    "/support/password_change/done/",
    "/support/autocomplete/",
    "/support/jsi18n/",
    "/support/r/1/1/",
    "/support/franceconnect/",
    CLIENTS,
    ADD,
    f"{CLIENTS}1/change/",
    f"{CLIENTS}1/history/",
    f"{CLIENTS}1/delete/",
    f"{CLIENTS}1/secret/",
    "/support/franceconnect/signingkey/",
    "/support/nothing/",
]


def visitors() -> dict[str, Caller | None]:
    gone = an_agent(Role.OPERATOR)
    desk = {"an agent who has left": at_desk(gone), "an account without a role": at_desk(without_a_role())}
    agents.leave(gone.agent, by=None, now=timezone.now())
    member, half = Caller(), Caller()
    member.client.force_login(an_account())
    half.client.force_login(an_agent(Role.OPERATOR))
    return {"anybody": None, "a member": member, "an agent without a code": half, **desk}


def without_a_role() -> Account:
    account = an_agent(Role.OPERATOR, is_staff=True, is_superuser=True)
    account.agent.delete()
    return account


@pytest.mark.parametrize("place", PLACES)
def test_nobody_but_an_agent_who_came_by_the_door_finds_one(place):
    """Issue 3, 9; issue 5, 1: the same « not found » for a visitor, a member and half an agent."""
    a_service()
    for who, caller in visitors().items():
        browser = caller.client if caller else Browser()
        browser.handler.enforce_csrf_checks = False
        assert browser.get(place).status_code == 404, who
        assert browser.post(place, {}).status_code == 404, who
    assert Client.objects.get().previous_secret == ""


def test_a_member_stays_a_member_whatever_stands_in_their_row():
    """A member's sign-in is not an agent's: no mistake in two columns makes one of it."""
    member = an_account(is_staff=True, is_superuser=True)
    assert at_desk(member).visit("/support/").response.status_code == 404


def test_there_is_no_second_door_for_passwords(agent):
    """Not for an agent either: no page of Django's takes or changes a password."""
    for name in ("login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"):
        assert name not in {getattr(pattern, "name", None) for pattern in site.get_urls()}
    for place in ("login", "logout", "password_change", "password_change/done", "autocomplete", "r/1/1"):
        assert agent.visit(f"/support/{place}/").response.status_code == 404
    html = agent.visit("/support/").response.content.decode()
    assert 'type="password"' not in html
    assert "password" not in html.replace("password_", "")


def test_the_toolkit_s_own_pages_are_nowhere(agent):
    """libraries 2.2, no. 1: neither its admin, with tokens and codes in clear, nor its lists of applications."""
    assert {Client, SigningKey} <= set(site._registry)
    assert not [
        each for each in site._registry if each._meta.app_label not in ("accounts", "enrolment", "franceconnect")
    ]
    assert not admin.site._registry
    assert "oauth2_provider.admin" not in sys.modules
    assert "oauth2_provider.urls" not in sys.modules
    shown = [each for each in get_resolver(settings.ROOT_URLCONF).url_patterns if isinstance(each, URLResolver)]
    assert [each.namespace for each in shown if each.app_name == "admin"] == ["support"]
    agent.visit("/support/").does_not_see("Access tokens", "Grants", "Utilisateurs", "connexions aux services")
    for model in ("accesstoken", "grant", "idtoken", "refreshtoken", "consent", "interaction"):
        for label in ("oauth2_provider", "franceconnect"):
            assert agent.visit(f"/support/{label}/{model}/").response.status_code == 404


def test_no_duty_of_members_keeps_an_agent_away(agent):
    """D01 and E01 are members': an agent has no NIR and no contact details to confirm."""
    assert agent.visit("/support/").response.status_code == 200
    agent.sees("Services connectés", "Clés de signature")


def test_an_agent_leaves_by_the_portal_s_own_way_out(agent):
    agent.visit("/support/").press("Se déconnecter")
    assert agent.visit("/support/").response.status_code == 404


def test_pages_keep_to_the_portal_s_policy(agent):
    """Strict CSP: no script or style inside the pages, nothing from elsewhere, nothing kept."""
    service = a_service()
    for place in ("/support/", CLIENTS, ADD, page_of(service), f"{CLIENTS}{service.pk}/history/"):
        answer = agent.visit(place).response
        html = answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "style=" not in html
        assert "onclick" not in html
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", html))


# Relying parties ------------------------------------------------------------------------------------------

TYPED = {"client_id": "service", "name": "Le service", "redirect_uris": CALLBACK}


def test_an_agent_registers_a_service_and_sees_its_secret_once(agent):
    """Issue 3, 9; FI 30."""
    agent.visit(ADD).press("Enregistrer", **TYPED)
    agent.sees("Copiez ce secret maintenant", "service")
    secret = shown_secret(agent)
    client = Client.objects.get(client_id="service")
    assert secret_fits(client, secret, timezone.now())
    assert client.authorization_grant_type == "authorization-code"
    assert client.client_type == "confidential"
    assert client.sector == "service.example.org"
    for place in (page_of(client), f"{CLIENTS}{client.pk}/history/", CLIENTS, "/support/"):
        agent.visit(place).does_not_see(secret)
        assert secret not in agent.response.content.decode()
    assert secret not in everything_kept()
    [line] = Entry.objects.filter(event=Event.CLIENT_REGISTERED)
    assert line.account == Account.objects.get(kind="agent").pk
    assert line.detail == {"client_id": "service"}


def everything_kept() -> str:
    """Every row of the tables that this room, the journal, the sessions and Django's admin write to."""
    kept: list[Any] = []
    for model in (Client, Entry, LogEntry):
        kept += model.objects.values_list()
    kept += [session.get_decoded() for session in Session.objects.all()]
    return str(kept)


def test_a_preset_fills_in_the_form_and_nothing_else_does(agent):
    agent.visit(ADD).follow("franceconnect-production")
    agent.press("Enregistrer", client_id="franceconnect")
    client = Client.objects.get()
    assert client.redirect_uris == "https://oidc.franceconnect.gouv.fr/api/v2/oidc-callback"
    assert (client.kind, client.auth_method, client.userinfo_format) == ("federation", "client_secret_post", "jwt")
    assert not client.pkce_required
    assert client.skip_authorization
    agent.visit(f"{ADD}?client_id=evil&redirect_uris=https://evil.example/&preset=nobody")
    assert "evil" not in agent.response.content.decode().replace("?client_id=evil", "")


def test_addresses_are_one_a_line(agent):
    lines = f"{CALLBACK}\r\n\r\n  https://service.example.org/b  \r\n{CALLBACK}"
    agent.visit(ADD).press("Enregistrer", **TYPED | {"redirect_uris": lines})
    client = Client.objects.get()
    assert client.redirect_uris == f"{CALLBACK} https://service.example.org/b"
    html = agent.visit(page_of(client)).response.content.decode()
    assert f"{CALLBACK}\nhttps://service.example.org/b" in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"redirect_uris": ""}, "au moins une adresse de retour"),
        ({"redirect_uris": "http://service.example.org/"}, "doit commencer par https://"),
        ({"redirect_uris": f"{CALLBACK} https://evil.example/"}, "secteur commun"),
        ({"redirect_uris": "https://*.example.org/"}, "caractère interdit"),
        ({"redirect_uris": "https://a.example.org/\nhttps://b.example.org/"}, "secteur commun"),
        ({"post_logout_redirect_uris": "https://a.example.org/#fin"}, "caractère interdit"),
        ({"client_id": "un service"}, "lettres sans accent"),
        ({"client_id": "taken"}, "porte déjà l'identifiant"),
        ({"acr": "eidas9"}, "eidas1, eidas2 et eidas3"),
        ({"auth_method": "private_key_jwt"}, "ses clés publiques ou leur adresse"),
        ({"jwks": "{"}, "JSON valide"),
        ({"jwks": '{"keys": [{"kty": "oct", "k": "AAAA"}]}'}, "que les clés publiques"),
        ({"jwks": '{"keys": ["\\u0000"]}'}, "doivent avoir la forme"),
        ({"jwks_uri": "service.example.org"}, "doit être complète"),
        ({"encryption_alg": "ECDH-ES", "jwks_uri": "https://a.example.org/k"}, "est d'abord signée"),
    ],
)
def test_what_cannot_be_registered_is_said_where_it_is_mended(agent, typed, said):
    a_service("taken")
    agent.visit(ADD).press("Enregistrer", **TYPED | typed)
    assert agent.text.count(said) == 1, agent.text[:1500]
    assert Client.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_a_service_that_signs_gets_no_secret(agent):
    public = {"keys": [JWK.generate(kty="EC", crv="P-256", kid="un").export_public(as_dict=True)]}
    agent.visit(ADD).press("Enregistrer", **TYPED | {"auth_method": "private_key_jwt", "jwks": json.dumps(public)})
    client = Client.objects.get()
    assert client.jwks == public
    agent.does_not_see("Copiez ce secret")
    agent.visit(page_of(client)).does_not_see("Nouveau secret")
    agent.client.handler.enforce_csrf_checks = False
    agent.client.post(f"{CLIENTS}{client.pk}/secret/")
    assert agent.visit(page_of(client)).text.count("n'a pas de secret") == 1


def test_a_change_is_kept_in_the_history_and_in_the_journal(agent):
    client = a_service()
    agent.visit(page_of(client)).press("Enregistrer", name="Autre nom", acr="eidas1 eidas2")
    client.refresh_from_db()
    assert (client.name, client.acr) == ("Autre nom", "eidas1 eidas2")
    agent.visit(f"{CLIENTS}{client.pk}/history/").sees("Modification de", "Nom")
    agent.sees(Account.objects.get(kind="agent").agent.name)
    [line] = Entry.objects.filter(event=Event.CLIENT_CHANGED)
    assert line.detail == {"client_id": "service", "columns": ["name", "acr"]}
    assert line.account == Account.objects.get(kind="agent").pk


def test_saving_without_a_change_changes_nothing(agent):
    client = a_service(redirect_uris=[CALLBACK, CALLBACK + "/b"])
    before = Client.objects.filter(pk=client.pk).values().get()
    agent.visit(page_of(client)).press("Enregistrer")
    assert Client.objects.filter(pk=client.pk).values().get() == before
    assert not Entry.objects.filter(event=Event.CLIENT_CHANGED).exists()


def test_what_a_member_s_sub_hangs_on_cannot_be_changed(agent):
    """Identifier, sort and sector stand there as text; a form that sends them all the same changes nothing."""
    client = a_service()
    agent.visit(page_of(client))
    assert not {"client_id", "kind", "sector"} & agent.page.forms[-1].names
    form = next(form for form in agent.page.forms if "redirect_uris" in form.names)
    forged = {"client_id": "other", "kind": "federation", "sector": "other.example.org", "client_secret": "x"}
    agent.client.post(page_of(client), {**form.values, **forged, "name": "Autre nom"})
    client.refresh_from_db()
    assert (client.client_id, client.kind, client.sector, client.name) == (
        "service",
        "standard",
        "service.example.org",
        "Autre nom",
    )
    assert client.client_secret.startswith("client_secret$")


def test_a_service_is_switched_off_and_never_removed(agent):
    """Grants, consents and the journal speak of it."""
    client = a_service()
    agent.visit(page_of(client)).does_not_see("Supprimer")
    assert agent.visit(f"{CLIENTS}{client.pk}/delete/").response.status_code == 404
    agent.visit(CLIENTS).does_not_see("Supprimer")
    form = next(form for form in agent.visit(page_of(client)).page.forms if "redirect_uris" in form.names)
    agent.client.post(page_of(client), {name: value for name, value in form.values.items() if name != "is_active"})
    client.refresh_from_db()
    assert not client.is_active


def test_a_new_secret_is_shown_once_and_two_serve(agent):
    """FI 30: rotation with overlap, from the button to the old one's end."""
    new = register("service", preset="standard", now=timezone.now(), redirect_uris=[CALLBACK])
    page = page_of(new.client)
    agent.visit(page).does_not_see("Retirer l'ancien secret")
    agent.press("Nouveau secret").sees("L'ancien secret vaut encore jusqu'au")
    second = shown_secret(agent)
    assert second not in agent.path
    assert second not in everything_kept()
    client = Client.objects.get()
    assert new.secret
    assert [secret_fits(client, each, timezone.now()) for each in (new.secret, second)] == [True, True]
    agent.visit(page).does_not_see(second).sees("Deux secrets servent")
    # A second press would end the one that the service still uses.
    agent.press("Nouveau secret").sees("Deux secrets servent déjà")
    agent.visit(page).press("Retirer l'ancien secret").sees("L'ancien secret ne sert plus.")
    client = Client.objects.get()
    assert [secret_fits(client, each, timezone.now()) for each in (new.secret, second)] == [False, True]
    agent.does_not_see("Deux secrets servent")
    agent.visit(f"{CLIENTS}{client.pk}/history/").sees("Nouveau secret.", "Ancien secret retiré.")
    events = list(Entry.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["client:registered", "client:secret_rotated", "client:secret_retired"]


@pytest.mark.parametrize("verb", ["secret", "ancien-secret"])
def test_a_secret_changes_by_a_button_and_by_nothing_else(agent, verb):
    """Neither by a link, nor by a form of another site, nor for an agent of another role."""
    client = a_service()
    place = f"{CLIENTS}{client.pk}/{verb}/"
    assert agent.visit(place).response.status_code == 405
    assert agent.client.post(place).status_code == 403  # no token of a form of ours
    looker = at_desk(an_agent(Role.LEAD)).client
    looker.handler.enforce_csrf_checks = False
    assert looker.post(place).status_code == 404
    assert Browser().post(place).status_code == 404
    allowed = at_desk(an_agent(Role.OPERATOR)).client
    allowed.handler.enforce_csrf_checks = False
    assert allowed.post(f"{CLIENTS}999/{verb}/").status_code == 404
    assert allowed.post(f"{CLIENTS}x/{verb}/").status_code == 404
    assert Client.objects.filter(pk=client.pk, client_secret=client.client_secret, previous_secret="").exists()


def test_services_are_found_by_name_and_state(agent):
    a_service("un", name="Premier")
    a_service("deux", name="Second")
    agent.visit(f"{CLIENTS}?q=Premier").sees("un").does_not_see("Second")
    agent.visit(f"{CLIENTS}?kind__exact=federation").does_not_see("Premier")
    assert agent.visit(f"{CLIENTS}?q=%00").response.status_code == 200


# Our own keys ------------------------------------------------------------------------------------------


def test_signing_keys_are_there_to_look_at(agent):
    """Issue 3, 8: who may see when a key changes does not see the key."""
    keys.ensure(now=timezone.now())
    key = SigningKey.objects.get(alg="ES256")
    agent.visit("/support/franceconnect/signingkey/").sees(key.kid, "ES256", "RS256")
    one = reverse("admin:franceconnect_signingkey_change", args=[key.kid], current_app="support")
    assert agent.visit(one).response.status_code == 200
    assert key.private["d"] not in agent.response.content.decode()
    for place in ("/support/franceconnect/signingkey/add/", one.replace("change", "delete")):
        assert agent.visit(place).response.status_code == 404
    form = agent.visit(one).page.forms
    assert not any("kid" in each.names for each in form)


def test_the_tables_are_there():
    assert "django_admin_log" in connection.introspection.table_names()
