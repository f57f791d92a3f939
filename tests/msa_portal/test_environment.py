"""What the environment says, and what it must not leave out (R17, R20)."""

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from msa_portal.environment import Environment, Mode, database, email_server, index_key, key_ring

KEY = base64.b64encode(b"k" * 32).decode()


def environment(tmp_path: Path, **variables: str) -> Environment:
    return Environment(variables, tmp_path)


@pytest.mark.parametrize(
    ("variables", "mode"),
    [
        ({}, Mode.DEMO),
        ({"PORT": "9000"}, Mode.DEMO),
        ({"MSA_MODE": "test"}, Mode.TEST),
        ({"MSA_MODE": "demo", "SECRET_KEY": "x"}, Mode.DEMO),
        ({"MSA_MODE": "production"}, Mode.PRODUCTION),
        ({"DATABASE_URL": "postgres://x/y"}, Mode.PRODUCTION),
        ({"REDIS_URL": "redis://x"}, Mode.PRODUCTION),
        ({"EMAIL_URL": "smtp://x"}, Mode.PRODUCTION),
        ({"SECRET_KEY": "x"}, Mode.PRODUCTION),
        ({"NIR_KEYS": "x"}, Mode.PRODUCTION),
        ({"NIR_INDEX_KEY": "x"}, Mode.PRODUCTION),
        ({"DATABASE_URL": ""}, Mode.DEMO),
    ],
)
def test_who_sets_one_variable_of_production_is_deploying(
    tmp_path: Path, variables: dict[str, str], mode: Mode
) -> None:
    assert environment(tmp_path, **variables).mode is mode


def test_another_word_is_no_mode(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="MSA_MODE"):
        environment(tmp_path, MSA_MODE="prod")


def test_the_demonstration_keeps_its_own_secrets_where_nobody_else_reads(tmp_path: Path) -> None:
    env = environment(tmp_path)
    first = env.secret("NIR_KEYS")
    assert environment(tmp_path).secret("NIR_KEYS") == first
    assert len(key_ring(first, name="NIR_KEYS")["k1"]) == 32
    kept = tmp_path / "keys" / "nir_keys"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert env.secret("NIR_INDEX_KEY") != env.secret("SECRET_KEY")


@pytest.mark.parametrize("mode", ["production", "test"])
def test_nobody_else_gets_a_secret_invented(tmp_path: Path, mode: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NIR_KEYS is missing"):
        environment(tmp_path, MSA_MODE=mode).secret("NIR_KEYS")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "ring", ["", "k1", "k1:", "k1:xyz", f"k1:{KEY[:-8]}", f":{KEY}", f"a-b:{KEY}", f"longer678:{KEY}", f"k1:{KEY},"]
)
def test_a_broken_ring_is_refused_by_name(ring: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NIR_KEYS"):
        key_ring(ring, name="NIR_KEYS")


def test_the_first_key_of_the_ring_is_the_current_one() -> None:
    assert list(key_ring(f"k2:{KEY}, k1:{KEY}", name="NIR_KEYS")) == ["k2", "k1"]
    assert index_key(KEY, name="NIR_INDEX_KEY") == b"k" * 32


def test_numbers_flags_and_lists(tmp_path: Path) -> None:
    env = environment(tmp_path, PORT="8001", BEHIND_PROXY="yes", ALLOWED_HOSTS="a.fr, b.fr,")
    assert (env.number("PORT", 1), env.number("NONE", 7)) == (8001, 7)
    assert (env.flag("BEHIND_PROXY", False), env.flag("NONE", True), env.flag("NONE", False)) == (True, True, False)
    assert env.listed("ALLOWED_HOSTS") == ["a.fr", "b.fr"]
    with pytest.raises(ImproperlyConfigured, match="PORT"):
        environment(tmp_path, PORT="many").number("PORT", 1)


def test_a_database_in_djangos_words() -> None:
    said = database("postgres://us%40er:pa%2Fss@db.example:5433/msa?sslmode=verify-full")
    assert {name: said[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")} == {
        "USER": "us@er", "PASSWORD": "pa/ss", "HOST": "db.example", "PORT": "5433", "NAME": "msa",
        "OPTIONS": {"sslmode": "verify-full", "server_side_binding": True, "prepare_threshold": 5},
    }  # fmt: skip
    assert database("postgres://u@db.example/msa?prepared=no")["OPTIONS"] == {}
    assert database("postgres://postgres@/msa?host=/tmp/x")["HOST"] == "/tmp/x"
    assert database("sqlite:////var/x.sqlite3")["NAME"] == "/var/x.sqlite3"
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database("mysql://x/y")


@pytest.mark.parametrize(
    ("url", "port", "starttls", "implicit"),
    [
        ("smtp://u:p@mail.example", 587, True, False),
        ("smtp://mail.example:465?tls=implicit", 465, False, True),
        ("smtp://mail.example:25", 25, False, False),
        ("smtp://mail.example:2525?tls=none", 2525, False, False),
        ("smtp://mail.example:587?tls=starttls", 587, True, False),
    ],
)
def test_a_mail_server_in_djangos_words(url: str, port: int, starttls: bool, implicit: bool) -> None:
    said = email_server(url)
    assert (said["EMAIL_PORT"], said["EMAIL_USE_TLS"], said["EMAIL_USE_SSL"]) == (port, starttls, implicit)


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://mail.example?tls=maybe"])
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    """A word misspelt must not send passwords in clear text."""
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        email_server(url)
