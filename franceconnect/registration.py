"""Relying parties come in, and change their secret: the secret is told once and only its hash is kept."""

import secrets
import uuid
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
NO_PREVIOUS_SECRET: dict[str, Any] = {"previous_secret": "", "previous_secret_until": None}
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


def admit(client: Client, *, now: datetime, by: uuid.UUID | None = None) -> str | None:
    """Write a new client down, for an operator or an agent. Returns its secret. Raises ValidationError."""
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
            _record(Event.CLIENT_REGISTERED, client, by=by, now=now)
    except IntegrityError:
        # Somebody took the name since it was looked for.
        client.validate_unique()
        raise
    return secret if client.has_secret else None


@transaction.atomic
def change(client: Client, columns: list[str], *, now: datetime, by: uuid.UUID | None) -> None:
    """These columns of a client, looked over by its form, and no other: its secrets may change beside us."""
    if columns:
        client.save(update_fields=[*columns, "updated"])
        _record(Event.CLIENT_CHANGED, client, by=by, now=now, columns=columns)


def new_secret() -> str:
    """256 random bits, as 43 characters that need no escaping anywhere."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def rotate_secret(client: Client, *, now: datetime, by: uuid.UUID | None = None, immediately: bool = False) -> str:
    """A new secret; unless it leaked, the old one serves OIDC_CLIENT_SECRET_OVERLAP longer. Raises ValidationError.

    While two serve there is no third: the one that the client still uses would end before its time.
    """
    if not client.has_secret:
        raise ValidationError("Ce service prouve son identité par une clé et n'a pas de secret.", code="no_secret")
    secret = new_secret()
    columns: dict[str, Any] = {"client_secret": make_password(secret, hasher=HASHER), "updated": now}
    rows = Client.objects.filter(pk=client.pk)
    if immediately:
        rows.update(**columns, **NO_PREVIOUS_SECRET)
    else:
        until = now + settings.OIDC_CLIENT_SECRET_OVERLAP
        free = rows.exclude(previous_secret_until__gt=now)
        if not free.update(**columns, previous_secret=F("client_secret"), previous_secret_until=until):
            words = "Deux secrets servent déjà\u00a0: retirez l'ancien, ou attendez sa fin, avant d'en créer un autre."
            raise ValidationError(words, code="two_secrets")
    client.refresh_from_db(fields=["client_secret", "previous_secret", "previous_secret_until"])
    _record(Event.CLIENT_SECRET_ROTATED, client, by=by, now=now, immediately=immediately)
    return secret


@transaction.atomic
def retire_previous_secret(client: Client, *, now: datetime, by: uuid.UUID | None = None) -> bool:
    """The secret before serves no more. Returns whether there was one."""
    retired = Client.objects.filter(pk=client.pk).exclude(previous_secret="").update(updated=now, **NO_PREVIOUS_SECRET)
    if retired:
        _record(Event.CLIENT_SECRET_RETIRED, client, by=by, now=now)
    client.previous_secret, client.previous_secret_until = "", None
    return bool(retired)


def _record(event: Event, client: Client, *, by: uuid.UUID | None, now: datetime, **codes: Any) -> None:
    journal.record(event, account=by, detail={"client_id": client.client_id, **codes}, now=now)


def secret_fits(client: Client, secret: str, now: datetime) -> bool:
    """Whether this is the client's secret, or the one before while both serve; both are looked at, in constant time."""
    if not client.has_secret:
        return False
    hasher = get_hasher(HASHER)
    fits = hasher.verify(secret, client.client_secret)
    if client.previous_secret and client.previous_secret_until and now < client.previous_secret_until:
        fits |= hasher.verify(secret, client.previous_secret)
    return fits
