"""A row of each list of the desk, of one caisse or of none: what the table of permissions is tried on.

A list that comes to the desk comes here with it, or tests/accounts/support/test_permissions.py fails.
"""

import uuid
from collections.abc import Callable

from django.db import models
from django.utils import timezone

from accounts.models import Agent, CorrectionRequest, Member, login_of_nir
from franceconnect import keys
from franceconnect.models import Client, SigningKey
from franceconnect.registration import register
from tests.agents import ALSACE, an_agent
from tests.members import LAMY, NOBODY, a_member


def a_correction(caisse: str) -> models.Model:
    """Asked for a member of this caisse's, in the department that the caisse is called after or has."""
    nir, department = (LAMY, "67") if caisse == ALSACE else (NOBODY, caisse)
    member = Member.objects.filter(nir_fingerprint=login_of_nir(nir)).first() or a_member(nir)
    row = CorrectionRequest(member=member, department=department, subject="name", asked_by=uuid.uuid4())
    row.created_at = timezone.now()
    row.details = {"note": "LAMI et non LAMY, d'après l'acte de naissance"}
    row.save(force_insert=True)
    return row


# Given a caisse, a row of it.
OF_A_CAISSE: dict[type[models.Model], Callable[[str], models.Model]] = {
    Agent: lambda caisse: an_agent(caisse=caisse).agent,
    CorrectionRequest: lambda caisse: a_correction(caisse),
}


def a_client() -> models.Model:
    told = {"preset": "standard", "redirect_uris": ["https://service.example.org/retour"]}
    return register("service", now=timezone.now(), **told).client  # type: ignore[arg-type]


def a_key() -> models.Model:
    keys.ensure(now=timezone.now())
    return SigningKey.objects.all()[0]


# The same for everybody: no caisse has any of its own.
OF_NO_CAISSE: dict[type[models.Model], Callable[[], models.Model]] = {Client: a_client, SigningKey: a_key}
