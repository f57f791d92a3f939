"""The start-up checks, one by one."""

from pathlib import Path

import pytest
from pytest_django import Settings

from msa_portal.checks import (
    franceconnect_is_whole,
    production_is_whole,
    profiles_are_known,
    the_print_shop_has_one_folder,
)
from msa_portal.environment import Mode


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.MODE, settings.HTTPS, settings.BASE_HOST = Mode.PRODUCTION, True, "portal.example"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    settings.SECRET_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return settings


def found() -> list[str]:
    return [str(error.id) for error in production_is_whole(None)]


def test_a_whole_production_has_nothing_to_say(production: Settings) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("host", "errors"),
    [
        ("127.0.0.1:8000", []), ("[::1]:8000", []), ("localhost:8000", []), ("localhost", []),
        ("10.0.0.1", ["msa.E001"]), ("localhost.example", ["msa.E001"]), ("portal.example:80", ["msa.E001"]),
    ],
)  # fmt: skip
def test_plain_http_is_for_this_machine_only(production: Settings, host: str, errors: list[str]) -> None:
    production.HTTPS, production.BASE_HOST = False, host
    assert found() == errors


@pytest.mark.parametrize("secret", ["short but with many kinds: 0123456789abcdefXYZ", "a" * 200, "ab" * 40])
def test_a_weak_secret_key_is_refused(production: Settings, secret: str) -> None:
    production.SECRET_KEY = secret
    assert found() == ["msa.E003"]


def test_one_key_does_not_serve_two_purposes(production: Settings) -> None:
    production.SEALING_KEYS = {"k1": production.FINGERPRINT_KEY}
    assert found() == ["msa.E004"]


def test_other_modes_are_not_asked(settings: Settings) -> None:
    settings.SECRET_KEY = "x"
    assert found() == []


@pytest.mark.parametrize(("profiles", "errors"), [(["individual", "farmer"], []), (["particulier"], ["msa.E005"])])
def test_a_misspelt_profile_is_refused(settings: Settings, profiles: list[str], errors: list[str]) -> None:
    """R2: nobody could use the federation, and the page that explains it would fail."""
    settings.FEDERATION_PROFILES = profiles
    assert [error.id for error in profiles_are_known(None)] == errors


AGREED = {
    "FRANCECONNECT_ISSUER": "https://oidc.franceconnect.example/api/v2",
    "FRANCECONNECT_CLIENT_ID": "msa",
    "FRANCECONNECT_CLIENT_SECRET": "s" * 64,
    "FRANCECONNECT_SIGNING_ALG": "ES256",
    "FRANCECONNECT_SCOPES": "openid identite_pivot email",
}


@pytest.mark.parametrize(
    ("but", "errors"),
    [
        ({}, []),
        ({"FRANCECONNECT_ISSUER": "", "FRANCECONNECT_CLIENT_ID": "", "FRANCECONNECT_CLIENT_SECRET": ""}, []),
        ({"FRANCECONNECT_ISSUER": ""}, ["msa.E006"]),
        ({"FRANCECONNECT_CLIENT_ID": ""}, ["msa.E006"]),
        ({"FRANCECONNECT_CLIENT_SECRET": ""}, ["msa.E006"]),
        ({"FRANCECONNECT_ISSUER": "http://127.0.0.1:8001/api/v2"}, ["msa.E007"]),
        ({"FRANCECONNECT_CLIENT_SECRET": "change-me"}, ["msa.E008"]),
        ({"FRANCECONNECT_SIGNING_ALG": "HS256"}, ["msa.E009"]),
        ({"FRANCECONNECT_SCOPES": "profile email"}, ["msa.E010"]),
    ],
    ids=lambda each: " ".join(each) or "as agreed",
)
def test_a_franceconnect_that_is_half_configured_does_not_start(
    production: Settings, but: dict[str, str], errors: list[str]
) -> None:
    """FS 1, FS 8."""
    for name, value in {**AGREED, **but}.items():
        setattr(production, name, value)
    assert [error.id for error in franceconnect_is_whole(None)] == errors


def test_outside_production_franceconnect_may_be_the_simulator(settings: Settings) -> None:
    for name, value in {**AGREED, "FRANCECONNECT_ISSUER": "http://127.0.0.1:8001/api/v2"}.items():
        setattr(settings, name, value)
    assert franceconnect_is_whole(None) == []


@pytest.mark.parametrize(("folder", "errors"), [(None, []), ("/srv/courriers", []), ("courriers", ["msa.E011"])])
def test_the_print_shop_s_folder_is_the_same_for_every_process(
    settings: Settings, folder: str | None, errors: list[str]
) -> None:
    settings.LETTERS_DIR = Path(folder) if folder else None
    assert [error.id for error in the_print_shop_has_one_folder(None)] == errors
