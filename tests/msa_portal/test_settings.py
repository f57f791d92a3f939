"""A production that would not be safe does not start, and one that starts is safe (R20, house)."""

import base64
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


WHOLE = {
    "MSA_MODE": "production",
    "SECRET_KEY": key() + key(),
    "NIR_KEYS": f"k1:{key()}",
    "NIR_INDEX_KEY": key(),
    "DATABASE_URL": "postgres://check@database.invalid/check",
    "REDIS_URL": "redis://redis.invalid:6379/0",
    "EMAIL_URL": "smtp://mail.invalid:587",
    "BASE_URL": "https://portal.invalid",
}
SHOWN = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "BROWSER_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE",
    "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "DEBUG", "ALLOWED_HOSTS", "ARGON2_MEMORY_COST", "ARGON2_TIME_COST",
    "ARGON2_PARALLELISM", "CELERY_TASK_ALWAYS_EAGER", "EMAIL_BACKEND", "LETTERS_AT_ONCE_DIR",
)  # fmt: skip


def run(*words: str, tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in {**WHOLE, **changes}.items() if value}
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    return subprocess.run([sys.executable, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("missing", [name for name in WHOLE if name != "MSA_MODE"])
def test_a_missing_variable_stops_the_start_and_is_named(missing: str, tmp_path: Path) -> None:
    done = run("manage.py", "check", tmp_path=tmp_path, **{missing: ""})
    assert done.returncode != 0
    assert f"{missing} is missing from the environment" in done.stderr
    assert not list(tmp_path.iterdir()), "nothing was invented"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"BASE_URL": "http://portal.invalid"}, "BASE_URL"),
        ({"BASE_URL": "http://localhost.evil.example"}, "BASE_URL"),
        ({"DATABASE_URL": "sqlite:///x.sqlite3"}, "DATABASE_URL"),
        ({"SECRET_KEY": "a" * 20}, "SECRET_KEY"),
        ({"NIR_INDEX_KEY": WHOLE["NIR_KEYS"].removeprefix("k1:")}, "NIR_INDEX_KEY"),
        ({"NIR_KEYS": "k1:short"}, "NIR_KEYS"),
        ({"EMAIL_URL": "mail.invalid"}, "EMAIL_URL"),
        ({"MSA_MODE": "prod"}, "MSA_MODE"),
    ],
)
def test_an_unsafe_value_stops_the_start_and_is_named(changes: dict[str, str], said: str, tmp_path: Path) -> None:
    done = run("manage.py", "check", tmp_path=tmp_path, **changes)
    assert done.returncode != 0
    assert said in done.stderr


def test_no_secret_is_repeated_in_an_error(tmp_path: Path) -> None:
    done = run("manage.py", "check", tmp_path=tmp_path, NIR_KEYS="k1:c2VjcmV0LXNlY3JldA==")
    assert "c2VjcmV0" not in done.stderr + done.stdout


def test_a_whole_production_passes_djangos_own_check_without_a_warning(tmp_path: Path) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_this_very_machine_needs_no_https(tmp_path: Path) -> None:
    assert run("manage.py", "check", tmp_path=tmp_path, BASE_URL="http://127.0.0.1:8000").returncode == 0


def test_cookies_and_costs_of_production(tmp_path: Path) -> None:
    """R17; the `__Host-` names bind a cookie to this host, https and the root."""
    ask = f"import json; from msa_portal import settings as s; print(json.dumps({{n: getattr(s, n) for n in {SHOWN}}}))"
    said = json.loads(run("-c", ask, tmp_path=tmp_path).stdout)
    assert [said[name] for name in SHOWN] == [
        "__Host-session", "__Host-csrf", "__Host-navigateur", True, True, True, True, "Lax", "Lax", 63_072_000, True,
        False, ["portal.invalid"], 47104, 2, 1, False, "django.core.mail.backends.smtp.EmailBackend", None,
    ]  # fmt: skip


def test_the_demonstration_pages_do_not_exist_in_production(tmp_path: Path) -> None:
    ask = "import django; django.setup(); from django.urls import reverse; print(reverse('dev:mailbox'))"
    done = run("-c", ask, tmp_path=tmp_path, DJANGO_SETTINGS_MODULE="msa_portal.settings")
    assert "NoReverseMatch" in done.stderr
