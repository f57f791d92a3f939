"""The reference as the benchmarks run it: a database of its own, a key made for the run, members signed in."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from bench.provider.flow import REDIRECT_URI, Client, Endpoints
from bench.provider.served import ROOT, Provider, Served

DATABASE = "reference"
APPLICATION = "django.core.wsgi:get_wsgi_application()"
DISCOVERY = "/o/.well-known/openid-configuration"
MEMBERS = 1000
CALL = (
    "import django, json, sys; django.setup(); from bench.reference.{0} import {1}; "
    "print(json.dumps({1}(*json.load(sys.stdin))))"
)


@contextmanager
def reference() -> Iterator[Provider]:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    environment = settings()
    client = Client(*call(environment, "seed", "seed", REDIRECT_URI, MEMBERS))
    with Served(APPLICATION, database=DATABASE, environment=environment) as served:
        yield Provider(served, DISCOVERY, client)


def settings() -> dict[str, str]:
    """What its settings read: libpq's variables for the same PostgreSQL as ours, and secrets."""
    here = connection.settings_dict
    libpq = {"PGHOST": here["HOST"], "PGPORT": here["PORT"], "PGUSER": here["USER"], "PGPASSWORD": here["PASSWORD"]}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {
        **{name: value for name, value in libpq.items() if value},
        "PGDATABASE": DATABASE,
        "DJANGO_SETTINGS_MODULE": "bench.reference.settings",
        "REFERENCE_SECRET_KEY": secrets.token_urlsafe(50),
        "REFERENCE_RSA_KEY": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    }


def counts(at: Endpoints, provider: Provider) -> tuple[int, int]:
    """The statements and the commits of one flow."""
    return tuple(call(provider.served.environment, "statements", "count", astuple(at), astuple(provider.client)))


def call(environment: dict[str, str], module: str, function: str, *values: Any) -> Any:
    """What a function of the reference returns, in a process of its own: its settings are not ours."""
    done = subprocess.run(
        [sys.executable, "-c", CALL.format(module, function)],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=json.dumps(values),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
