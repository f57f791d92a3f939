"""What a process knows of the ring, and how seldom it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import DatabaseError, connection
from pytest_django import DjangoAssertNumQueries

from franceconnect import keys, ring
from franceconnect.models import SigningKey
from franceconnect.provider import jose

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.usefixtures("signing_keys")]

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CLAIMS = {"iss": "somebody"}


class Clock:
    """The seconds of the process, by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    held = Clock()
    monkeypatch.setattr(ring, "monotonic", held)
    return held


@contextmanager
def database_gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def gone(*_: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        yield


def test_signing_publishing_and_knowing_again_ask_nothing_once_warm(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Issue 3: discovery and JWKS without SQL, the flow with as little as can be."""
    token = jose.sign(CLAIMS, alg="ES256", now=NOW)
    clock.seconds += 59
    with django_assert_num_queries(0):
        jose.sign(CLAIMS, alg="ES256", now=NOW)
        keys.published(now=NOW)
        jose.read_own(token)


def test_the_ring_is_read_again_after_a_minute_and_no_private_half_with_it(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    jose.sign(CLAIMS, alg="ES256", now=NOW)
    clock.seconds += 60
    with django_assert_num_queries(1):
        for _ in range(3):
            jose.sign(CLAIMS, alg="ES256", now=NOW)


def test_another_process_sees_a_rotation_within_a_minute(clock: Clock) -> None:
    elsewhere = ring.Ring()
    assert len(elsewhere.places()) == 2
    following = keys.rotate("ES256", now=NOW)
    clock.seconds += 59
    assert following.kid not in elsewhere.places()
    clock.seconds += 1
    assert following.kid in elsewhere.places()


def test_a_kid_it_does_not_know_makes_a_process_look_again_but_not_for_everybody(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A token signed elsewhere by a key of this minute is known; made-up kids cost one statement in five seconds."""
    keys.published(now=NOW)
    with django_assert_num_queries(0):
        assert all(keys.verification_key(f"made-up-{number}") is None for number in range(100))
    clock.seconds += 5
    with django_assert_num_queries(1):
        assert all(keys.verification_key(f"made-up-{number}") is None for number in range(100))
    kid = keys.signing_key("ES256", now=NOW).kid
    with django_assert_num_queries(0):
        assert keys.verification_key(kid)


def test_a_key_is_parsed_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Loading an RSA key takes 28 ms."""
    loaded = keys.signing_key("RS256", now=NOW)
    keys.forget_cache()
    with django_assert_num_queries(1):
        assert keys.signing_key("RS256", now=NOW) is loaded


def test_the_public_keys_are_told_while_the_database_is_gone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shown = keys.published(now=NOW)
    clock.seconds += 60
    with database_gone(monkeypatch):
        assert keys.published(now=NOW) == shown
        assert "could not be read again" in caplog.text
        caplog.clear()
        # And it is not asked again by every request.
        assert keys.published(now=NOW) == shown
        assert not caplog.text


def test_a_process_that_knows_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with database_gone(monkeypatch), pytest.raises(DatabaseError):
        keys.published(now=NOW)


def test_nobody_waits_for_the_thread_that_reads(clock: Clock) -> None:
    known = ring.Ring()
    places = known.places()
    SigningKey.objects.filter(alg="RS256").delete()
    clock.seconds += 60
    seen: list[object] = []
    with known.reading:
        other = Thread(target=lambda: seen.append(known.places()))
        other.start()
        other.join(timeout=5)
    assert seen == [places]
    assert len(known.places()) == 1
