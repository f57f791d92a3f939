"""Whether the portal lives and is ready, told to whom may know."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from accounts import outbox
from tests.members import A_MOMENT
from tests.signing import put_signing_keys

pytestmark = [pytest.mark.django_db]


def test_it_lives_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)
    assert Client().get("/healthz").content == b"ok\n"


def test_it_is_ready_when_everything_answers() -> None:
    put_signing_keys()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True, "signing_keys": True})


def test_it_is_not_ready_before_the_first_signing_keys() -> None:
    """Issue 3, no. 8."""
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "cache": True, "signing_keys": False})
    put_signing_keys()
    assert Client().get("/readyz").status_code == 200


def test_it_names_what_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)
    monkeypatch.setattr(type(cache._connections["default"]), "get", gone)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "cache": False, "signing_keys": False})


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Bearer \u00e9", "right"])
def test_figures_are_for_whom_has_the_token(settings: Settings, given: str) -> None:
    settings.METRICS_TOKEN = "right-token"
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_figures_tell_what_waits(settings: Settings) -> None:
    settings.METRICS_TOKEN = "right-token"
    outbox.put("a_kind", account=None, content={"to": "fritz@example.org"}, now=A_MOMENT)
    said = Client().get("/metrics", headers={"Authorization": "Bearer right-token"}).content.decode()
    assert "msa_emails_waiting 1\n" in said
    assert "msa_letters_waiting 0\n" in said
    assert "fritz" not in said
