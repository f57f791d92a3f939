"""What the environment says: the mode, the secrets, the addresses of the services."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# One of these in the environment means that somebody is deploying: nothing is invented for them any more.
PRODUCTION_VARIABLES = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "NIR_KEYS", "NIR_INDEX_KEY")


class Mode(StrEnum):
    """Where the portal runs."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True)
class Environment:
    """The variables, read once, with the demonstration's own secrets standing in for none at all."""

    variables: Mapping[str, str]
    var: Path
    mode: Mode = field(init=False)

    def __post_init__(self) -> None:
        named = self.variables.get("MSA_MODE")
        if named and named not in list(Mode):
            raise ImproperlyConfigured(f"MSA_MODE must be one of {', '.join(Mode)}, not {named!r}.")
        deploying = any(self.variables.get(name) for name in PRODUCTION_VARIABLES)
        object.__setattr__(self, "mode", Mode(named) if named else Mode.PRODUCTION if deploying else Mode.DEMO)

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name) or default

    def number(self, name: str, default: int) -> int:
        value = self.variables.get(name) or str(default)
        try:
            return int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number.") from None

    def flag(self, name: str, default: bool) -> bool:
        return self.variables.get(name, str(int(default))).lower() in ("1", "true", "yes", "on")

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self.variables.get(name, "").split(",") if part.strip()]

    def secret(self, name: str) -> str:
        """A secret from the environment; the demonstration makes its own, kept in var/keys/ with mode 0600."""
        if value := self.variables.get(name):
            return value
        if self.mode is Mode.DEMO:
            return _kept_secret(self.var / "keys" / name.lower(), name)
        raise ImproperlyConfigured(f"{name} is missing from the environment: see .env.example.")

    def required(self, name: str, default: str) -> str:
        """An address without which production has no meaning; elsewhere the default serves."""
        if self.mode is Mode.PRODUCTION and not self.variables.get(name):
            raise ImproperlyConfigured(f"{name} is missing from the environment: see .env.example.")
        return self.text(name, default)


def _kept_secret(path: Path, name: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"k1:{fresh}" if name.endswith("_KEYS") else fresh)
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def key_ring(text: str, *, name: str) -> dict[str, bytes]:
    """`id:base64,id:base64` as a mapping, the current key first. Each key has 32 bytes."""
    ring = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        if key_id in ring:
            raise ImproperlyConfigured(f"{name}: the key id {key_id!r} stands twice.")
        ring[key_id] = _key(encoded, name=name)
        if not key_id.isalnum() or len(key_id) > 8:
            raise ImproperlyConfigured(f"{name}: a key id is 1 to 8 letters or digits.")
    return ring


def index_key(text: str, *, name: str) -> bytes:
    return _key(text, name=name)


def _key(encoded: str, *, name: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must hold 32 bytes in base64 for each key.")
    return key


def database(url: str) -> dict[str, object]:
    """A DATABASE_URL (postgres://… or sqlite:///…) in Django's words."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),  # sqlite:///relative.sqlite3, sqlite:////absolute.sqlite3
            # A writer takes its lock at BEGIN: two requests wait for each other instead of failing half way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    # Planned once for each connection, a statement costs the database half as much; `prepared=no` for a pooler that
    # hands each transaction to another connection.
    prepared = query.pop("prepared", "yes") != "no"
    return {
        "ENGINE": "msa_portal.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5, **query} if prepared else query,
    }


def email_server(url: str) -> dict[str, object]:
    """An EMAIL_URL (smtp://user:password@host:port?tls=starttls|implicit|none) as Django's EMAIL_* settings."""
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["starttls" if parts.port not in (25, 1025) else "none"])[-1]
    # A word misspelt must not send passwords in clear text.
    if parts.scheme != "smtp" or not parts.hostname or tls not in ("starttls", "implicit", "none"):
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:port?tls=starttls.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
        "EMAIL_TIMEOUT": 10,
    }
