"""Programs that begin together end together."""

import sys
import time

import pytest

from msa_portal.demo import supervisor

pytestmark = pytest.mark.sqlite
LONG = (sys.executable, "-c", "import signal; signal.pause()")
SHORT = (sys.executable, "-c", "")
DEAF = (sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); print(flush=True); signal.pause()")


def test_when_one_ends_by_itself_the_others_are_ended_and_it_is_named():
    began = time.monotonic()
    assert supervisor.run_together({"the long one": LONG, "the short one": SHORT}) == "the short one"
    assert time.monotonic() - began < supervisor.PATIENCE


def test_a_program_that_will_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.2)
    assert supervisor.run_together({"the deaf one": DEAF, "the short one": SHORT}) == "the short one"


def test_a_program_that_cannot_begin_ends_those_that_have():
    with pytest.raises(FileNotFoundError):
        supervisor.run_together({"the long one": LONG, "the absent one": ("/nowhere/at/all",)})
