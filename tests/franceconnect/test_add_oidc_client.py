"""The commands of an operator: a new relying party, a new secret."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from jwcrypto.jwk import JWK

from franceconnect.models import Client
from franceconnect.registration import secret_fits

pytestmark = pytest.mark.django_db
CALLBACK = "https://service.example.org/retour"


@pytest.fixture
def run(capsys):
    def command(name: str, *arguments: str) -> dict[str, Any]:
        call_command(name, *arguments)
        out, err = capsys.readouterr()
        assert err == ""
        assert out.count("\n") == 1
        return json.loads(out)

    return command


def test_a_relying_party_is_told_its_secret_in_one_json_object(run):
    """Contract: add_oidc_client."""
    told = run("add_oidc_client", "--preset", "standard", "--client-id", "service", "--redirect-uri", CALLBACK)
    assert set(told) == {"client_id", "client_secret"}
    client = Client.objects.get(client_id="service")
    assert secret_fits(client, told["client_secret"], timezone.now())
    assert client.name == "service"


def test_franceconnect_needs_no_address_of_ours(run):
    told = run("add_oidc_client", "--preset", "franceconnect-production", "--client-id", "fc")
    assert Client.objects.get(client_id=told["client_id"]).redirect_uri_allowed(
        "https://oidc.franceconnect.gouv.fr/api/v2/oidc-callback"
    )


def test_every_setting_can_be_overridden(run):
    """Contract: the overrides."""
    told = run(
        "add_oidc_client",
        *("--preset", "franceconnect-integration", "--client-id", "essai", "--name", "Mes essais"),
        *("--redirect-uri", CALLBACK, "https://b.example.org/r", "--redirect-uri", "http://127.0.0.1:8001/r"),
        *("--post-logout-redirect-uri", "https://service.example.org/fin"),
        *("--signing-alg", "RS256", "--userinfo", "jwt", "--auth-method", "private_key_jwt"),
        *("--jwks-uri", "https://service.example.org/jwks", "--encryption-alg", "RSA-OAEP-256"),
        *("--pkce", "--consent", "--sector", "service.example.org", "--acr", "eidas1", "eidas2"),
    )
    assert told == {"client_id": "essai"}
    client = Client.objects.get()
    assert client.name == "Mes essais"
    assert client.redirect_uris.split() == [CALLBACK, "https://b.example.org/r", "http://127.0.0.1:8001/r"]
    assert client.post_logout_redirect_uris == "https://service.example.org/fin"
    assert (client.algorithm, client.userinfo_format, client.auth_method) == ("RS256", "jwt", "private_key_jwt")
    assert (client.jwks_uri, client.encryption_alg) == ("https://service.example.org/jwks", "RSA-OAEP-256")
    assert client.pkce_required
    assert client.asks_consent
    assert client.sector == "service.example.org"
    assert client.acr_allowed == ("eidas1", "eidas2")


@pytest.mark.parametrize(("flag", "pkce", "consent"), [("--no-pkce", False, True), ("--no-consent", True, False)])
def test_what_a_preset_wants_can_be_turned_off(run, flag, pkce, consent):
    run("add_oidc_client", "--preset", "standard", "--client-id", "service", "--redirect-uri", CALLBACK, flag)
    client = Client.objects.get()
    assert (client.pkce_required, client.asks_consent) == (pkce, consent)


def test_public_keys_may_come_from_a_file(run, tmp_path):
    keys = {"keys": [json.loads(JWK.generate(kty="EC", crv="P-256", kid="un").export_public())]}
    (tmp_path / "jwks.json").write_text(json.dumps(keys))
    signing = ("--auth-method", "private_key_jwt", "--jwks", str(tmp_path / "jwks.json"))
    run("add_oidc_client", "--preset", "standard", "--client-id", "signe", "--redirect-uri", CALLBACK, *signing)
    assert Client.objects.get().jwks == keys


@pytest.mark.parametrize("content", [None, "", "{", "\0"])
def test_a_file_that_holds_no_keys_is_named(tmp_path, content):
    path = tmp_path / "jwks.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=r"jwks\.json"):
        call_command(
            *("add_oidc_client", "--preset", "standard", "--client-id", "signe"),
            *("--redirect-uri", CALLBACK, "--jwks", str(path)),
        )
    assert not Client.objects.exists()


def test_a_new_secret_is_told_with_the_end_of_the_old_one(run):
    first = run("add_oidc_client", "--preset", "standard", "--client-id", "service", "--redirect-uri", CALLBACK)
    second = run("rotate_client_secret", "service")
    client, now = Client.objects.get(), timezone.now()
    assert client.previous_secret_until is not None
    assert second["previous_secret_until"] == client.previous_secret_until.isoformat(timespec="seconds")
    assert secret_fits(client, first["client_secret"], now)
    assert secret_fits(client, second["client_secret"], now)
    third = run("rotate_client_secret", "service", "--immediately")
    client = Client.objects.get()
    assert third["previous_secret_until"] is None
    assert not secret_fits(client, second["client_secret"], now)
    assert secret_fits(client, third["client_secret"], now)


def test_nobody_gets_a_secret_who_has_none(run, capsys):
    signing = ("--auth-method", "private_key_jwt", "--jwks-uri", "https://service.example.org/jwks")
    run("add_oidc_client", "--preset", "standard", "--client-id", "signe", "--redirect-uri", CALLBACK, *signing)
    with pytest.raises(CommandError, match="clé"):
        call_command("rotate_client_secret", "signe")
    with pytest.raises(CommandError, match="personne"):
        call_command("rotate_client_secret", "personne")
    assert capsys.readouterr().out == ""


def manage(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program, on a database of its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        "DATABASE_URL": f"sqlite:///{database}",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_identifier_that_exists_ends_with_1_and_says_nothing_on_stdout(tmp_path):
    """Contract: scripts read stdout as JSON."""
    database = tmp_path / "portal.sqlite3"
    assert manage(database, "migrate", "--verbosity", "0").returncode == 0
    arguments = ("add_oidc_client", "--preset", "standard", "--client-id", "service", "--redirect-uri", CALLBACK)
    first = manage(database, *arguments)
    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(first.stdout)["client_id"] == "service"
    again = manage(database, *arguments)
    assert (again.returncode, again.stdout) == (1, "")
    assert "«\u00a0service\u00a0»" in again.stderr
    bad = manage(database, *arguments[:-1], "https://service.example.org/#fin")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "interdit" in bad.stderr
