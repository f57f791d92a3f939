"""Start-up checks: a production that would not be safe does not start."""

import ipaddress
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from msa_portal.environment import Mode

# FranceConnect gives 64 hexadecimal characters; anything much shorter is a placeholder.
SHORTEST_FRANCECONNECT_SECRET = 32


@register("msa")
def profiles_are_known(app_configs: Any, **kwargs: Any) -> list[Error]:
    """R2: a word misspelt would shut everybody out of the federation."""
    known = [name for name, _ in apps.get_model("accounts", "Affiliation")._meta.get_field("profile").flatchoices]
    unknown = set(settings.FEDERATION_PROFILES) - set(known)
    words = f"FEDERATION_PROFILES: {', '.join(sorted(unknown))} is none of {', '.join(known)}."
    return [Error(words, id="msa.E005")] if unknown else []


@register("msa")
def production_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """HTTPS unless on this very machine, real database, real secrets."""
    if settings.MODE is not Mode.PRODUCTION:
        return []
    found = []
    if not settings.HTTPS and not _on_this_machine(settings.BASE_HOST):
        found.append(Error("BASE_URL must begin with https://", id="msa.E001"))
    if "sqlite" in str(settings.DATABASES["default"]["ENGINE"]):
        found.append(Error("DATABASE_URL must name a PostgreSQL database.", id="msa.E002"))
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 20:
        found.append(Error("SECRET_KEY is too short or too regular.", id="msa.E003"))
    if settings.FINGERPRINT_KEY in settings.SEALING_KEYS.values():
        found.append(Error("NIR_INDEX_KEY must not be one of NIR_KEYS.", id="msa.E004"))
    return found


@register("msa")
def franceconnect_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """All or none; what FranceConnect would refuse, or would make its word worth nothing, does not start (FS 1)."""
    issuer, client_id = settings.FRANCECONNECT_ISSUER, settings.FRANCECONNECT_CLIENT_ID
    if not (issuer or client_id):
        return []
    if not (issuer and client_id and settings.FRANCECONNECT_CLIENT_SECRET):
        words = "FRANCECONNECT_ISSUER, FRANCECONNECT_CLIENT_ID and FRANCECONNECT_CLIENT_SECRET: all three, or none."
        return [Error(words, id="msa.E006")]
    found = []
    if settings.MODE is Mode.PRODUCTION and not issuer.startswith("https://"):
        found.append(Error("FRANCECONNECT_ISSUER must begin with https://", id="msa.E007"))
    if len(settings.FRANCECONNECT_CLIENT_SECRET) < SHORTEST_FRANCECONNECT_SECRET:
        words = f"FRANCECONNECT_CLIENT_SECRET has fewer than {SHORTEST_FRANCECONNECT_SECRET} characters."
        found.append(Error(words, id="msa.E008"))
    if settings.FRANCECONNECT_SIGNING_ALG not in ("ES256", "RS256"):
        found.append(Error("FRANCECONNECT_SIGNING_ALG is ES256 or RS256.", id="msa.E009"))
    if "openid" not in settings.FRANCECONNECT_SCOPES.split():
        found.append(Error("FRANCECONNECT_SCOPES must hold openid.", id="msa.E010"))
    return found


@register("msa")
def the_print_shop_has_one_folder(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A path that depends on where a process was started would be another folder for each of them."""
    folder = settings.LETTERS_DIR
    relative = folder is not None and not folder.is_absolute()
    return [Error("LETTERS_DIR must be an absolute path.", id="msa.E011")] if relative else []


def refuse_unsafe_start() -> None:
    """Servers and workers run no checks of their own: they stop here. Raises ImproperlyConfigured."""
    if errors := [found for found in run_checks(tags=["msa"]) if found.is_serious()]:
        raise ImproperlyConfigured(" ".join(f"{error.id}: {error.msg}" for error in errors))


def _on_this_machine(host: str) -> bool:
    name = host.rpartition(":")[0] or host
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
