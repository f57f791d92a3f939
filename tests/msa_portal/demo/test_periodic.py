"""The periodic tasks run in one process, each at its interval."""

from threading import Event

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import outbox
from msa_portal.celery import app
from msa_portal.demo import periodic

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _as_in_the_command(monkeypatch):
    """The tasks are known; the test's own connection stays open."""
    app.loader.import_default_modules()
    monkeypatch.setattr(periodic, "close_old_connections", lambda: None)


class Patience(Event):
    """Time passes only while somebody waits; it ends after so many seconds."""

    def __init__(self, ends_after: float) -> None:
        super().__init__()
        self.now, self.ends_after = 0.0, ends_after

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.now > self.ends_after


def test_each_task_runs_at_once_and_then_at_its_interval(monkeypatch):
    done = []
    patience = Patience(ends_after=70)
    monkeypatch.setattr(periodic, "perform", lambda task: done.append((patience.now, task)))
    schedule = {"often": {"task": "a", "schedule": 30}, "seldom": {"task": "b", "schedule": 50}}
    periodic.run(schedule, stop=patience, clock=lambda: patience.now)
    assert done == [(0, "a"), (0, "b"), (30, "a"), (50, "b"), (60, "a")]


def test_a_task_that_fails_is_told_and_ends_nothing(monkeypatch, caplog):
    def broken(*, now):
        raise RuntimeError("the broken sweep")

    monkeypatch.setattr(outbox, "sweep", broken)
    periodic.perform("accounts.tasks.sweep_outbox")
    assert "periodic task failed" in caplog.text
    assert "the broken sweep" in caplog.text


def test_the_sweep_delivers_what_was_left(mailoutbox):
    """R23."""
    content = {"to": "fritz.lamy@example.org", "subject": "Bonjour", "text": "Voilà.", "html": "<p>Voilà.</p>"}
    outbox.put("a_kind", account=None, content=content, now=timezone.now())
    periodic.perform("accounts.tasks.sweep_outbox")
    assert [mail.subject for mail in mailoutbox] == ["Bonjour"]


def test_every_entry_of_the_schedule_names_a_task_that_exists():
    """R16, R21, R23."""
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named <= set(app.tasks)
    assert {"accounts.tasks.sweep_outbox", "accounts.tasks.seal_journal", "msa_portal.tasks.purge"} <= named
