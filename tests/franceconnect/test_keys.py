"""The key ring through its life: which key signs, which are published, which are still believed (issue 3, no. 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from time_machine import Traveller

from accounts.models import Entry
from accounts.resealing import reseal
from accounts.sealed import SealedField
from franceconnect import keys
from franceconnect.models import SigningKey
from franceconnect.provider import jose
from franceconnect.provider.views import documents
from franceconnect.ring import KNOWN_FOR
from tests.signing import put_signing_keys

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NOTICE, OVERLAP = settings.OIDC_KEY_NOTICE, settings.OIDC_KEY_OVERLAP
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
CLAIMS = {"iss": settings.OIDC_ISSUER, "sub": "a-member", "aud": "a-client"}


@pytest.fixture
def first(signing_keys: dict[str, SigningKey]) -> str:
    """The key that has signed for long."""
    return signing_keys["ES256"].kid


def published(*, now: datetime, alg: str = "ES256") -> list[str]:
    return [jwk["kid"] for jwk in keys.published(now=now)["keys"] if jwk["alg"] == alg]


def signer(*, now: datetime, alg: str = "ES256") -> str:
    return keys.signing_key(alg, now=now).kid


def signed(*, now: datetime) -> str:
    return jose.sign(CLAIMS, alg="ES256", now=now)


def is_believed(token: str, *, now: datetime) -> bool:
    """By a client that takes the keys published at this moment."""
    try:
        return jwt.decode(token, KeySet.import_key_set(keys.published(now=now)), ["ES256", "RS256"]).claims == CLAIMS
    except (JoseError, ValueError):
        return False


# The first keys -------------------------------------------------------------------------------------------------------


def test_the_first_keys_sign_at_once_and_are_made_once() -> None:
    assert keys.is_empty()
    made = {key.alg: key.kid for key in keys.ensure(now=NOW)}
    assert set(made) == {"ES256", "RS256"}
    assert not keys.is_empty()
    assert {alg: signer(now=NOW, alg=alg) for alg in made} == made
    assert keys.ensure(now=NOW + DAY) == []
    assert {kid for alg in made for kid in published(now=NOW + DAY, alg=alg)} == set(made.values())
    assert Entry.objects.filter(event="signing_key:changed").count() == 2


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(keys.NoSigningKey):
        signed(now=NOW)
    assert keys.published(now=NOW) == {"keys": []}


def test_keys_made_meanwhile_are_found_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal may start before `rotate_oidc_key --ensure` has run."""
    clock = 1000.0
    monkeypatch.setattr("franceconnect.ring.monotonic", lambda: clock)
    made = put_signing_keys().values()
    SigningKey.objects.all().delete()
    with pytest.raises(keys.NoSigningKey):
        signed(now=NOW)
    # By another process: this one is not told.
    SigningKey.objects.bulk_create(made)
    with pytest.raises(keys.NoSigningKey):
        signed(now=NOW)
    clock += 5
    assert signed(now=NOW)


# From one key to the next ---------------------------------------------------------------------------------------------


def test_the_next_key_is_published_at_once_and_signs_after_the_notice(first: str, held_clock: Traveller) -> None:
    """FI 11. The passing from one to the other, second by second."""
    before = signed(now=NOW)
    following = keys.rotate("ES256", now=NOW).kid
    takes_over, gone = NOW + NOTICE, NOW + NOTICE + OVERLAP
    for moment, signing, shown in [
        (NOW, first, [first, following]),
        (takes_over - SECOND, first, [first, following]),
        (takes_over, following, [following, first]),
        (gone - SECOND, following, [following, first]),
        (gone, following, [following]),
        (gone + 300 * DAY, following, [following]),
    ]:
        held_clock.move_to(moment)
        keys.forget_cache()
        assert (signer(now=moment), published(now=moment)) == (signing, shown), moment
        assert is_believed(signed(now=moment), now=moment)
        assert is_believed(before, now=moment) is (moment < gone)
        # A hint, though its key be forgotten.
        assert jose.read_own(before) == CLAIMS
        # The keys of the other alg have nothing to do with it.
        assert len(published(now=moment, alg="RS256")) == 1


def test_a_year_of_rotations_leaves_every_hint_known_and_few_keys_published(first: str) -> None:
    hints = []
    for month in range(12):
        now = NOW + month * 30 * DAY
        keys.rotate("ES256", now=now)
        hints.append(signed(now=now))
        assert len(published(now=now)) == 2
    assert len({hint.partition(".")[0] for hint in hints}) == 12
    assert all(jose.read_own(hint) == CLAIMS for hint in hints)


def test_a_key_that_waits_already_is_the_next_one(first: str) -> None:
    """A second operator, or a task that runs twice, adds none."""
    following = keys.rotate("ES256", now=NOW)
    again = keys.rotate("ES256", now=NOW + timedelta(hours=1))
    assert (again.kid, again.activates_at) == (following.kid, NOW + NOTICE)
    assert published(now=NOW) == [first, following.kid]


def test_at_once_means_now_and_the_former_key_stays_published(first: str) -> None:
    token = signed(now=NOW)
    following = keys.rotate("ES256", now=NOW, immediately=True).kid
    assert signer(now=NOW) == following
    assert published(now=NOW) == [following, first]
    assert is_believed(token, now=NOW + OVERLAP - SECOND)
    assert published(now=NOW + OVERLAP) == [following]


def test_at_once_brings_forward_the_key_that_waits(first: str) -> None:
    """Some caches know it already."""
    waiting = keys.rotate("ES256", now=NOW).kid
    later = NOW + timedelta(hours=2)
    assert keys.rotate("ES256", now=later, immediately=True).kid == waiting
    assert signer(now=later) == waiting
    assert published(now=later + OVERLAP) == [waiting]
    assert SigningKey.objects.get(pk=first).retires_at == later


def test_a_leaked_key_is_withdrawn_with_all_it_signed(first: str) -> None:
    """Its holder could sign in our name: neither clients nor we believe it any more, nor the key that lay beside it."""
    token = signed(now=NOW)
    waiting = keys.rotate("ES256", now=NOW).kid
    fresh = keys.rotate("ES256", now=NOW, leaked=True).kid
    assert fresh not in (first, waiting)
    assert published(now=NOW) == [fresh]
    assert signer(now=NOW + NOTICE) == fresh
    assert not is_believed(token, now=NOW)
    assert jose.read_own(token) is None
    assert keys.verification_key(waiting) is None
    assert is_believed(signed(now=NOW), now=NOW)


@pytest.mark.parametrize("off", [-2 * SECOND, 2 * SECOND])
def test_two_seconds_between_two_clocks_do_no_harm(first: str, off: timedelta) -> None:
    """One machine signs, another publishes; around the taking over they differ, and both keys are there."""
    keys.rotate("ES256", now=NOW)
    for moment in (NOW, NOW + NOTICE - SECOND, NOW + NOTICE, NOW + NOTICE + SECOND):
        assert is_believed(signed(now=moment + off), now=moment)


def test_a_clock_behind_the_first_keys_signs_all_the_same() -> None:
    made = keys.ensure(now=NOW)
    assert signer(now=NOW - 2 * SECOND) == made[0].kid
    assert is_believed(signed(now=NOW - 2 * SECOND), now=NOW - 2 * SECOND)


def test_the_times_outlive_every_cache() -> None:
    """A client that caches by the rules, through a process that knows a ring a minute old, has the key before it signs;
    and the former one longer than anything it signed is valid."""
    assert timedelta(seconds=documents.JWKS_AGE + KNOWN_FOR) * 2 < NOTICE
    assert max(settings.OIDC_ID_TOKEN_LIFE, settings.OIDC_STANDARD_TOKEN_LIFE) + timedelta(hours=24) < OVERLAP


# What is told and what is kept ----------------------------------------------------------------------------------------


def test_nothing_private_is_published(first: str) -> None:
    """FI 11: kid, use and alg; the kid is the thumbprint (RFC 7638)."""
    keys.rotate("ES256", now=NOW)
    shown = keys.published(now=NOW)["keys"]
    assert len(shown) == 3
    for jwk in shown:
        assert not PRIVATE & set(jwk)
        assert jwk["use"] == "sig"
        assert jwk["kid"] == import_key(jwk).thumbprint()
        assert {"EC": "ES256", "RSA": "RS256"}[jwk["kty"]] == jwk["alg"]
    assert shown[0]["crv"] == "P-256"
    assert len(shown[1]["n"]) == 342  # 2048 bits


def test_private_halves_are_sealed(first: str) -> None:
    """Issue 3, no. 8: encrypted in the database. R20: bound to their row."""
    held = SigningKey.objects.get(pk=first)
    assert held.private["d"]
    stored = bytes(SigningKey.objects.values_list("private", flat=True).get(pk=first))
    assert held.private["d"].encode() not in stored
    assert not PRIVATE & set(held.public)


def test_the_private_half_of_a_retired_key_is_erased(first: str, settings: Any) -> None:
    """It signs no more; what it signed is known by the public half."""
    token = signed(now=NOW)
    keys.rotate("ES256", now=NOW, immediately=True)
    assert keys.erase_private_halves(now=NOW + timedelta(minutes=59)) == 0
    assert keys.erase_private_halves(now=NOW + timedelta(minutes=61)) == 1
    assert keys.erase_private_halves(now=NOW + timedelta(minutes=62)) == 0
    assert SigningKey.objects.get(pk=first).private == {}
    keys.forget_cache()
    assert jose.read_own(token) == CLAIMS
    assert is_believed(signed(now=NOW + DAY), now=NOW + DAY)
    # rotate_nir_key --reseal goes over it as over any other.
    settings.SEALING_KEYS = {"fresh": b"f" * 32, **settings.SEALING_KEYS}
    column = SigningKey._meta.get_field("private")
    assert isinstance(column, SealedField)
    assert reseal(SigningKey, column) == (3, 0)
    assert SigningKey.objects.get(pk=first).private == {}


@pytest.mark.parametrize(
    ("how", "said"), [({}, "announced"), ({"immediately": True}, "at_once"), ({"leaked": True}, "leaked")]
)
def test_the_journal_says_which_key_and_how(first: str, how: dict[str, bool], said: str) -> None:
    made = keys.rotate("ES256", now=NOW, **how)
    entry = Entry.objects.get(event="signing_key:changed")
    assert (entry.at, entry.detail) == (NOW, {"alg": "ES256", "kid": made.kid, "how": said})
