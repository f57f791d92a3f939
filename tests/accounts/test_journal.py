"""The journal: written once, sealed in a chain, forgotten after a year; tampering shows (R16, R21)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from time_machine import Traveller

from accounts import journal
from accounts.circumstance import Circumstance, circumstance
from accounts.models import Account, AppendOnly, Entry, Event, JournalSeal
from tests.members import A_MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER, YEAR = A_MOMENT + timedelta(minutes=2), timedelta(days=365)
TABLE = "accounts_entry"


def write(count: int = 1, *, at: datetime = A_MOMENT) -> None:
    for number in range(count):
        journal.record(Event.SIGN_IN_REFUSED, detail={"number": number}, now=at)


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def broken() -> str:
    with pytest.raises(journal.Broken) as fault:
        journal.verify()
    return str(fault.value)


def test_a_line_says_what_happened_and_in_the_course_of_which_request(account: Account) -> None:
    token = circumstance.set(Circumstance("abcdef0123456789", journal.network_mark("192.0.2.1")))
    journal.record(Event.SIGN_IN_SUCCEEDED, account=account, detail={"how": "pwd"}, now=A_MOMENT)
    circumstance.reset(token)
    entry = Entry.objects.get()
    assert (entry.event, entry.account, entry.request_id) == ("sign_in:succeeded", account.pk, "abcdef0123456789")
    assert len(entry.network) == 16
    assert "192.0.2.1" not in entry.network


def test_a_line_cannot_be_changed_or_removed() -> None:
    write()
    entry = Entry.objects.get()
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(event="nothing"),
        lambda: Entry.objects.filter(pk=entry.pk).update(detail={}),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert Entry.objects.get().detail == {"number": 0}


def test_what_is_fresh_waits_for_the_next_batch() -> None:
    write(2)
    write(at=A_MOMENT + timedelta(seconds=90))
    assert journal.seal(now=LATER) == 2
    assert journal.seal(now=LATER) == 0
    assert journal.seal(now=LATER + timedelta(minutes=1)) == 1
    assert journal.verify() == 3
    assert [seal.pk for seal in JournalSeal.objects.order_by("pk")] == [1, 2]


def test_an_empty_journal_holds() -> None:
    assert journal.seal(now=LATER) == 0
    assert journal.verify() == 0


@pytest.fixture
def three_batches() -> None:
    for number in range(3):
        write(3, at=A_MOMENT + timedelta(minutes=number))
        journal.seal(now=LATER + timedelta(minutes=number))
    assert journal.verify() == 9


@pytest.mark.parametrize(
    "change",
    [
        "event = 'sign_in:succeeded'",
        "detail = '{}'",
        "network = 'another'",
        "request_id = 'another'",
        "account = '00000000000000000000000000000001'",
        "at = '2026-11-20 09:06:30+00:00'",
    ],
)
def test_a_changed_line_shows(three_batches: None, change: str) -> None:
    entry = Entry.objects.order_by("pk")[4]
    run(f"UPDATE {TABLE} SET {change} WHERE id = %s", entry.pk)
    assert "seal 2" in broken()


def test_a_missing_line_shows(three_batches: None) -> None:
    run(f"DELETE FROM {TABLE} WHERE id = %s", Entry.objects.order_by("pk")[4].pk)
    assert "seal 2" in broken()


def test_a_line_moved_to_another_batch_shows(three_batches: None) -> None:
    run(f"UPDATE {TABLE} SET seal_id = 3 WHERE id = %s", Entry.objects.order_by("pk")[4].pk)
    assert "seal 2" in broken()


def test_a_line_put_back_under_another_number_shows(three_batches: None) -> None:
    run(f"UPDATE {TABLE} SET id = 9999 WHERE id = %s", Entry.objects.order_by("pk")[4].pk)
    assert "seal 2" in broken()


def test_a_removed_batch_shows(three_batches: None) -> None:
    run(f"DELETE FROM {TABLE} WHERE seal_id = 2")
    run("DELETE FROM accounts_journalseal WHERE id = 2")
    assert "seal 3" in broken()


def test_a_removed_first_batch_shows(three_batches: None) -> None:
    run(f"DELETE FROM {TABLE} WHERE seal_id = 1")
    run("DELETE FROM accounts_journalseal WHERE id = 1")
    assert "seal 2" in broken()


@pytest.mark.parametrize("after_days", [1, 364, 400])
def test_a_batch_purged_before_its_time_shows(three_batches: None, after_days: int) -> None:
    """R16: not even under a date that has not come yet."""
    run(f"DELETE FROM {TABLE} WHERE seal_id = 1")
    purged_at = A_MOMENT + timedelta(days=after_days)
    run("UPDATE accounts_journalseal SET purged_at = %s WHERE id = 1", purged_at)
    assert "purged" in broken()


def test_a_batch_marked_as_purged_with_lines_left_shows(three_batches: None) -> None:
    JournalSeal.objects.filter(pk=1).update(purged_at=A_MOMENT)
    assert "seal 1" in broken()


def test_after_a_year_the_lines_go_and_the_chain_holds(three_batches: None, held_clock: Traveller) -> None:
    a_year_on = A_MOMENT + YEAR + timedelta(minutes=1, seconds=30)
    held_clock.move_to(a_year_on)
    write(at=a_year_on)
    assert journal.forget(now=A_MOMENT + YEAR) == 0
    assert journal.forget(now=a_year_on) == 6
    assert journal.forget(now=a_year_on) == 0
    journal.seal(now=a_year_on + timedelta(minutes=2))
    assert journal.verify() == 4
    assert JournalSeal.objects.count() == 4


def test_what_is_not_sealed_yet_is_never_forgotten() -> None:
    write()
    assert journal.forget(now=A_MOMENT + 2 * YEAR) == 0


def test_whatever_the_detail_holds_is_read_back_the_same() -> None:
    journal.record(Event.SIGN_IN_SUCCEEDED, detail={"b": 1, "a": ["é", None, 1.5, {"z": True}]}, now=A_MOMENT)
    journal.seal(now=LATER)
    assert journal.verify() == 1
    assert json.dumps(Entry.objects.get().detail, sort_keys=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("already", [0, 1], ids=["first seals", "later seals"])
def test_sealers_at_once_never_fork_the_chain(already: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """R21: more lines than one batch takes, four sealers, one chain."""
    monkeypatch.setattr(journal, "BATCH", 5)
    write(already)
    journal.seal(now=LATER)
    write(60)

    def sealer(_: int) -> int:
        try:
            return journal.seal(now=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1 if connection.vendor == "sqlite" else 4) as sealers:
        sealed = sum(sealers.map(sealer, range(4)))
    sealed += journal.seal(now=LATER)
    assert sealed == 60
    assert journal.verify() == 60 + already
