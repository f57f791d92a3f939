"""The start-up checks, one by one."""

import pytest
from pytest_django import Settings

from msa_portal.checks import production_is_whole, profiles_are_known
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
