"""`manage.py rotate_oidc_key`, as an operator and a deployment call it (issue 3, no. 8)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from accounts.models import Entry
from franceconnect import keys
from franceconnect.models import SigningKey
from tests.conftest import A_MONDAY_MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.usefixtures("held_clock")]


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("rotate_oidc_key", *words, stdout=out)
    return out.getvalue().splitlines()


def newest(alg: str) -> SigningKey:
    return SigningKey.objects.filter(alg=alg).order_by("activates_at").last()


def test_a_deployment_makes_the_first_keys_and_changes_nothing_later() -> None:
    assert run("--ensure") == [
        f"{key.alg}: {key.kid} signs from 2026-03-02 09:30:00 CET" for key in (newest("ES256"), newest("RS256"))
    ]
    journal = Entry.objects.count()
    assert run("--ensure") == ["every alg has its key: nothing to do"]
    assert (SigningKey.objects.count(), Entry.objects.count()) == (2, journal) == (2, 2)


def test_a_deployment_makes_the_one_that_is_missing() -> None:
    run("--ensure", "--alg", "ES256")
    assert run("--ensure") == [f"RS256: {newest('RS256').kid} signs from 2026-03-02 09:30:00 CET"]


def test_an_operator_is_told_the_next_key_and_when_it_signs(signing_keys: dict[str, SigningKey]) -> None:
    said = run("--alg", "ES256")
    following = newest("ES256")
    assert said == [f"ES256: {following.kid} signs from 2026-03-03 09:30:00 CET"]
    assert following.activates_at == A_MONDAY_MORNING + settings.OIDC_KEY_NOTICE
    assert keys.signing_key("ES256", now=timezone.now()).kid == signing_keys["ES256"].kid
    assert SigningKey.objects.filter(alg="RS256").count() == 1
    assert run("--alg", "ES256") == said


def test_every_alg_has_a_next_key_unless_one_is_named(signing_keys: dict[str, SigningKey]) -> None:
    assert [line.partition(":")[0] for line in run()] == ["ES256", "RS256"]
    assert SigningKey.objects.count() == 4


def test_at_once(signing_keys: dict[str, SigningKey]) -> None:
    run("--alg", "ES256", "--immediately")
    assert keys.signing_key("ES256", now=timezone.now()).kid == newest("ES256").kid != signing_keys["ES256"].kid
    assert len(keys.published()["keys"]) == 3


def test_after_a_leak(signing_keys: dict[str, SigningKey]) -> None:
    run("--leaked")
    assert {jwk["kid"] for jwk in keys.published()["keys"]} == {newest("ES256").kid, newest("RS256").kid}
    assert {entry.detail["how"] for entry in Entry.objects.filter(event="signing_key:changed")} == {"leaked"}


def test_it_erases_what_the_rotation_before_left(signing_keys: dict[str, SigningKey], held_clock: Traveller) -> None:
    run("--alg", "ES256", "--immediately")
    held_clock.shift(timedelta(days=365))
    run("--alg", "ES256")
    assert SigningKey.objects.get(pk=signing_keys["ES256"].pk).private == {}
    assert newest("ES256").private


def test_when_the_sealing_keys_are_lost_there_is_a_way_on(
    signing_keys: dict[str, SigningKey], settings: Settings, held_clock: Traveller
) -> None:
    """docs/operations.md: the old private halves do not open any more, and nothing that they signed is needed."""
    settings.SEALING_KEYS = {"fresh": b"f" * 32}
    run("--leaked")
    assert keys.signing_key("ES256", now=timezone.now()).kid == newest("ES256").kid
    held_clock.shift(timedelta(hours=2))
    run()
    assert [SigningKey.objects.get(pk=key.pk).private for key in signing_keys.values()] == [{}, {}]


def test_nothing_private_is_ever_printed(signing_keys: dict[str, SigningKey]) -> None:
    said = "\n".join([*run(), *run("--immediately"), *run("--leaked")])
    for key in SigningKey.objects.all():
        assert key.private["d"] not in said
        assert not any(key.private[name] in said for name in ("p", "q", "dp", "dq", "qi") if name in key.private)


@pytest.mark.parametrize("words", [["--alg", "HS256"], ["--ensure", "--leaked"], ["--immediately", "--leaked"]])
def test_what_makes_no_sense_is_refused(words: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*words)
    assert not SigningKey.objects.exists()
