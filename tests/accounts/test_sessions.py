"""Sessions under a hash of their key (R14)."""

import pytest
from django.contrib.sessions.models import Session

from accounts.sessions import SessionStore, row_key

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def kept() -> SessionStore:
    store = SessionStore()
    store["word"] = "é"
    store.save()
    return store


def test_only_the_browser_knows_the_key() -> None:
    store = kept()
    row = Session.objects.get().session_key
    assert row == row_key(store.session_key or "")
    assert row != store.session_key
    assert SessionStore(store.session_key)["word"] == "é"
    assert SessionStore(row).get("word") is None


def test_a_key_exists_until_it_is_deleted() -> None:
    store = kept()
    assert store.exists(store.session_key or "")
    store.delete()
    assert not Session.objects.exists()
    SessionStore().delete()


def test_a_new_key_takes_the_content_along_and_leaves_nothing_behind() -> None:
    store = kept()
    old = store.session_key
    store.cycle_key()
    store.save()
    assert store.session_key != old
    assert SessionStore(store.session_key)["word"] == "é"
    assert SessionStore(old).get("word") is None
    assert Session.objects.count() == 1


def test_flushing_leaves_nothing() -> None:
    store = kept()
    store.flush()
    assert not Session.objects.exists()


def test_a_key_that_somebody_made_up_is_never_adopted() -> None:
    store = SessionStore("a" * 32)
    store["word"] = "é"
    store.save()
    assert store.session_key != "a" * 32


@pytest.mark.parametrize("key", ["", "x", "../../etc", "\x00", "é" * 40, "k" * 10_000])
def test_nonsense_is_an_empty_session(key: str) -> None:
    assert SessionStore(key).get("word") is None
