"""Relying parties come in, and change their secret: the secret is told once and only its hash is kept."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import journal
from accounts.models import Event
from franceconnect.models import Client
from franceconnect.presets import PRESETS
from franceconnect.registered_uris import refuse_bad

HASHER = "client_secret"
ADDRESSES = ("redirect_uris", "post_logout_redirect_uris")


@dataclass(frozen=True)
class Registered:
    """A new client and its secret, which nobody can look up later; none for a client that signs instead."""

    client: Client
    secret: str | None = field(repr=False)


def register(client_id: str, *, preset: str, now: datetime, **columns: Any) -> Registered:
    """A client as its preset has it, but for the columns given; the two columns of addresses are lists.

    Raises ValidationError.
    """
    values = {"name": client_id, **PRESETS[preset], **columns}
    for column in ADDRESSES:
        # One by one: a blank inside an address would make two of it.
        if faults := refuse_bad(values.get(column, ())):
            raise ValidationError({column: faults})
        values[column] = " ".join(values.get(column, ()))
    client = Client(client_id=client_id, **values)
    return Registered(client, admit(client, now=now))


def admit(client: Client, *, now: datetime) -> str | None:
    """Write a new client down. Returns its secret. Raises ValidationError."""
    client.client_type = Client.CLIENT_CONFIDENTIAL
    client.authorization_grant_type = Client.GRANT_AUTHORIZATION_CODE
    # Nobody ever learns that of a client that proves itself with a key.
    client.client_secret = secret = new_secret()
    client.full_clean()
    # Kept from here on: `sub` must not change because an address did.
    client.sector = client.subject_sector.lower()
    try:
        with transaction.atomic():
            client.save(force_insert=True)
            journal.record(Event.CLIENT_REGISTERED, detail={"client_id": client.client_id}, now=now)
    except IntegrityError:
        # Somebody took the name since it was looked for.
        client.validate_unique()
        raise
    return secret if client.has_secret else None


def new_secret() -> str:
    """256 random bits, as 43 characters that need no escaping anywhere."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def rotate_secret(client: Client, *, now: datetime, immediately: bool = False) -> str:
    """A new secret; unless it leaked, the old one serves OIDC_CLIENT_SECRET_OVERLAP longer. Raises ValidationError."""
    if not client.has_secret:
        raise ValidationError("Ce service prouve son identité par une clé et n'a pas de secret.", code="no_secret")
    secret = new_secret()
    overlap = (
        {"previous_secret": "", "previous_secret_until": None}
        if immediately
        else {
            "previous_secret": F("client_secret"),
            "previous_secret_until": now + settings.OIDC_CLIENT_SECRET_OVERLAP,
        }
    )
    hashed = make_password(secret, hasher=HASHER)
    Client.objects.filter(pk=client.pk).update(client_secret=hashed, updated=now, **overlap)
    client.refresh_from_db(fields=["client_secret", "previous_secret", "previous_secret_until"])
    detail = {"client_id": client.client_id, "immediately": immediately}
    journal.record(Event.CLIENT_SECRET_ROTATED, detail=detail, now=now)
    return secret


@transaction.atomic
def retire_previous_secret(client: Client, *, now: datetime) -> None:
    """The secret before serves no more."""
    retired = Client.objects.filter(pk=client.pk).exclude(previous_secret="")
    if retired.update(previous_secret="", previous_secret_until=None, updated=now):
        journal.record(Event.CLIENT_SECRET_RETIRED, detail={"client_id": client.client_id}, now=now)
    client.previous_secret, client.previous_secret_until = "", None


def secret_fits(client: Client, secret: str, now: datetime) -> bool:
    """Whether this is the client's secret, or the one before while both serve; both are looked at, in constant time."""
    if not client.has_secret:
        return False
    hasher = get_hasher(HASHER)
    fits = hasher.verify(secret, client.client_secret)
    if client.previous_secret and client.previous_secret_until and now < client.previous_secret_until:
        fits |= hasher.verify(secret, client.previous_secret)
    return fits
