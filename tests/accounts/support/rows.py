"""A row of each list of the desk, of one caisse or of none: what the table of permissions is tried on.

A list that comes to the desk comes here with it, or tests/accounts/support/test_permissions.py fails.
"""

from collections.abc import Callable

from django.db import models
from django.utils import timezone

from accounts.models import Agent
from franceconnect import keys
from franceconnect.models import Client, SigningKey
from franceconnect.registration import register
from tests.agents import an_agent

# Given a caisse, a row of it.
OF_A_CAISSE: dict[type[models.Model], Callable[[str], models.Model]] = {
    Agent: lambda caisse: an_agent(caisse=caisse).agent,
}


def a_client() -> models.Model:
    told = {"preset": "standard", "redirect_uris": ["https://service.example.org/retour"]}
    return register("service", now=timezone.now(), **told).client  # type: ignore[arg-type]


def a_key() -> models.Model:
    keys.ensure(now=timezone.now())
    return SigningKey.objects.all()[0]


# The same for everybody: no caisse has any of its own.
OF_NO_CAISSE: dict[type[models.Model], Callable[[], models.Model]] = {Client: a_client, SigningKey: a_key}
