"""Two answers at the same moment: real transactions, so PostgreSQL only (R23)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from accounts.letters import mark_posted, mark_returned
from accounts.letters.printing import print_batch, reprint
from accounts.models import Account, BadAddress, Entry, Event, Letter, LetterBatch
from tests.letters import A_MOMENT

LATER = A_MOMENT + timedelta(hours=1)


def at_once(act: Callable[[], object], times: int = 4) -> list[bool]:
    def one(_: int) -> bool:
        try:
            return bool(act())
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=times) as crowd:
        return sorted(crowd.map(one, range(times)))


@pytest.fixture
def batch(transactional_db: None, queue: Callable[..., Letter], tmp_path: Path) -> LetterBatch:
    queue(), queue()
    print_batch("68", tmp_path, LATER)
    return LetterBatch.objects.get()


def test_a_batch_is_posted_once(batch: LetterBatch) -> None:
    assert at_once(lambda: mark_posted(batch, now=LATER)) == [False, False, False, True]
    assert Entry.objects.filter(event=Event.LETTERS_POSTED).count() == 1


def test_a_letter_comes_back_once_to_two_agents(batch: LetterBatch) -> None:
    agent = Account.objects.create(login_fingerprint=b"a" * 32, kind=Account.Kind.AGENT, created_at=A_MOMENT)
    letter = batch.letters.first()
    assert letter
    assert at_once(lambda: mark_returned(letter, by=agent, now=LATER)) == [False, False, False, True]
    assert Entry.objects.filter(event=Event.LETTER_RETURNED).count() == 1
    assert BadAddress.objects.count() == 1


def test_two_letters_come_back_from_one_address_at_once(batch: LetterBatch) -> None:
    agent = Account.objects.create(login_fingerprint=b"a" * 32, kind=Account.Kind.AGENT, created_at=A_MOMENT)
    both = iter(list(batch.letters.all()))
    assert at_once(lambda: mark_returned(next(both), by=agent, now=LATER), times=2) == [True, True]
    assert BadAddress.objects.count() == 1


def test_the_reprints_are_counted_at_once(batch: LetterBatch, tmp_path: Path) -> None:
    got = at_once(lambda: reprint(LetterBatch.objects.get(pk=batch.pk), tmp_path, now=LATER))
    assert got == [False, False, True, True]
    assert Entry.objects.filter(event=Event.LETTERS_REPRINTED).count() == 2
