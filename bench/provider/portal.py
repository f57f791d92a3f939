"""The portal as the benchmarks run it: a service that is registered, a member who has signed in for real."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.provider.flow import REDIRECT_URI, SCOPE, Client
from bench.provider.served import Provider, Served
from bench.visit import Visitor
from franceconnect import consents, keys, registration
from franceconnect.models import Client as Service
from franceconnect.registration import Registered
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.personas import Known, persona

APPLICATION = "msa_portal.wsgi:application"
DISCOVERY = "/.well-known/openid-configuration"
SESSIONS = 64


@contextmanager
def portal() -> Iterator[Provider]:
    client = signed_in_client()
    with Served(APPLICATION, database=connection.settings_dict["NAME"], environment={}) as served:
        yield Provider(served, DISCOVERY, client)


def signed_in_client(sessions: int = SESSIONS) -> Client:
    """A standard client with client_secret_post, PKCE and JSON userinfo; a member who has agreed to it before."""
    member = persona("orsini")
    new = registered("standard", redirect_uris=[REDIRECT_URI], auth_method=Service.AuthMethod.POST)
    consents.give(member.account, new.client, frozenset(SCOPE.split()), now=timezone.now())
    cookies = tuple(session(member) for _ in range(sessions))
    return Client(new.client.client_id, new.secret or "", REDIRECT_URI, cookies)


def registered(preset: str, **columns: Any) -> Registered:
    """A new client; the provider has keys from here on."""
    now = timezone.now()
    keys.ensure(now=now)
    return registration.register(f"banc-{secrets.token_hex(4)}", preset=preset, now=now, **columns)


def session(member: Known) -> str:
    """The cookies after the form of « Mon espace privé »."""
    browser = Visitor()
    browser.visit("/connexion/")
    if browser.press("Se connecter", login_id=member.nir.grouped, password=DEMO_PASSWORD).status != 302:
        raise RuntimeError(f"{member.persona.slug} cannot sign in")
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
