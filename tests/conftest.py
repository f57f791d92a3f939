"""What every test relies on: no network, a clock that can be held, an empty cache, repeatable examples."""

import os
from collections.abc import Iterator
from datetime import datetime
from math import inf
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.core.cache import cache

from accounts import banners, changed_limits
from franceconnect import clients, keys
from tests.network import forbid_network
from tests.simulator import simulator, simulator_process

__all__ = ["simulator", "simulator_process"]

# A Monday morning in winter, far from midnight, from the end of the month and from a change of hour.
A_MONDAY_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("dev", deadline=None, max_examples=500)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    forbid_network()


@pytest.fixture
def held_clock() -> Iterator[time_machine.Traveller]:
    """The clock stands still at A_MONDAY_MORNING; `held_clock.shift(timedelta(...))` moves it."""
    with time_machine.travel(A_MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _empty_key_ring() -> None:
    """The process knows the ring for a minute; the test before had another one."""
    keys.forget_cache()
    clients.forget_cache()


@pytest.fixture(autouse=True)
def _no_banner() -> None:
    """The process knows for a quarter of a minute what does not work."""
    banners.forget_cache()


@pytest.fixture(autouse=True)
def _no_changed_limit() -> None:
    """The process knows that no limit was changed and does not look again: whoever tests that forgets it first."""
    changed_limits.know({}, until=inf)
