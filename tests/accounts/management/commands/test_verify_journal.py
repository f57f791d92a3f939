"""A change in the sealed journal shows, and the command says where (R21)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from accounts import journal
from accounts.models import Entry, Event, JournalSeal

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _three_seals_and_one_waiting(held_clock):
    for _ in range(3):
        for event in (Event.SIGN_IN_REFUSED, Event.SIGN_IN_SUCCEEDED):
            journal.record(event, now=timezone.now())
        held_clock.shift(timedelta(minutes=5))
        journal.seal(now=timezone.now())
    journal.record(Event.SESSION_ENDED, now=timezone.now())


def test_a_whole_journal_is_counted(capsys):
    call_command("verify_journal")
    assert capsys.readouterr().out == "the journal holds: 6 entries in 3 seals checked, 1 not sealed yet\n"


def second_seal() -> JournalSeal:
    return JournalSeal.objects.order_by("pk")[1]


def refused_at(seal: JournalSeal) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("verify_journal")
    assert refused.value.returncode == 1
    assert f"seal {seal.pk}:" in str(refused.value)
    return str(refused.value)


def test_a_changed_entry_breaks_the_chain():
    seal = second_seal()
    models.QuerySet(Entry).filter(pk=seal.entries.first().pk).update(event=Event.SIGN_IN_SUCCEEDED)
    assert "an entry is missing or was changed" in refused_at(seal)


def test_a_removed_entry_breaks_the_chain():
    seal = second_seal()
    models.QuerySet(Entry).filter(pk=seal.entries.first().pk).delete()
    assert "an entry is missing or was changed" in refused_at(seal)


def test_a_removed_batch_breaks_the_chain_at_the_next_seal():
    seal, after = second_seal(), JournalSeal.objects.order_by("pk")[2]
    models.QuerySet(Entry).filter(seal=seal).delete()
    seal.delete()
    assert "the link to the seal before does not hold" in refused_at(after)
