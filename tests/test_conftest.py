"""The clock and the cache that tests share."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.conftest import A_MONDAY_MORNING


def test_the_held_clock_stands_still_until_it_is_moved(held_clock):
    assert timezone.now() == A_MONDAY_MORNING
    held_clock.shift(timedelta(hours=1))
    assert timezone.now() == A_MONDAY_MORNING + timedelta(hours=1)


@pytest.mark.sqlite
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_cache(turn):
    assert cache.get("left_behind") is None
    cache.set("left_behind", turn)
    assert cache.get("left_behind") == turn
