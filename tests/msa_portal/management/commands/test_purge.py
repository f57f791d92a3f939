"""One command and one task apply the retention rules of every room (R16)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import journal
from accounts.models import Entry, Event, KnownBrowser
from enrolment.models import Enrolment
from msa_portal.tasks import purge
from tests.personas import persona

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def old_and_new(held_clock):
    """One of each that goes, one of each that stays."""
    now, account = timezone.now(), persona("garcin").account
    for number, age in enumerate((timedelta(days=1), timedelta(days=400))):
        at = now - age
        enrolment = Enrolment(
            step="profil", tries_left=3, created_at=at, updated_at=at, expires_at=at + timedelta(days=1, seconds=1)
        )
        enrolment.answers = {}
        enrolment.save()
        KnownBrowser.objects.create(account=account, token_fingerprint=bytes([number]) * 32, last_used_at=at)
    journal.record(Event.SIGN_IN_SUCCEEDED, now=now - timedelta(days=400))
    journal.seal(now=now - timedelta(days=399))
    journal.record(Event.SIGN_IN_REFUSED, now=now - timedelta(days=1))
    journal.seal(now=now)


def test_what_is_too_old_goes_and_the_rest_stays(old_and_new, capsys):
    call_command("purge")
    said = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    went = {kind: count for kind, count in said.items() if count != "0"}
    assert went == {"enrolments": "1", "browsers": "1", "journal": "1"}
    assert (Enrolment.objects.count(), KnownBrowser.objects.count()) == (1, 1)
    assert [entry.event for entry in Entry.objects.all()] == [Event.SIGN_IN_REFUSED]
    assert journal.verify() == 1


def test_the_periodic_task_does_the_same(old_and_new):
    assert purge()["journal"] == 1
    assert purge()["journal"] == 0
