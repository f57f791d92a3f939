"""Every limit as a table of tries and waits, in a row and all at once (R12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from accounts import retention, throttling
from accounts.models import Throttle
from accounts.throttling import Limit, TooManyAttempts, take
from tests.members import A_MOMENT

MINUTE, HOUR, DAY = 60, 3600, 86400

pytestmark = [pytest.mark.django_db]
SIGN_IN = (throttling.SIGN_IN, "somebody")
DAILY = (throttling.SIGN_IN_DAY, "somebody")


def after(seconds: float) -> datetime:
    return A_MOMENT + timedelta(seconds=seconds)


def tries_that_pass(limit: Limit, *, every: int, during: int) -> list[int]:
    """The seconds at which an attacker who never stops gets a try."""
    passed = []
    for second in range(0, during, every):
        try:
            take((limit, "somebody"), now=after(second))
        except TooManyAttempts:
            continue
        passed.append(second)
    return passed


@pytest.mark.sqlite
def test_five_tries_then_waits_of_1_2_4_8_and_15_minutes() -> None:
    """R12: the delay doubles from 1 to 15 minutes."""
    passed = tries_that_pass(throttling.SIGN_IN, every=5, during=HOUR + 30 * MINUTE)
    assert passed[:5] == [0, 5, 10, 15, 20]
    waits = [later - earlier for earlier, later in zip(passed[4:], passed[5:], strict=False)]
    assert waits == [60, 120, 240, 480, 900, 900, 900, 900]


@pytest.mark.sqlite
def test_what_is_left_is_told_before_the_first_wait() -> None:
    assert [take(SIGN_IN, now=A_MOMENT) for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(TooManyAttempts) as wait:
        take(SIGN_IN, now=after(1))
    assert wait.value.retry_after == 59
    assert wait.value.limit is throttling.SIGN_IN


@pytest.mark.sqlite
def test_a_try_that_has_to_wait_costs_nothing() -> None:
    for _ in range(5):
        take(SIGN_IN, now=A_MOMENT)
    for second in range(60):
        with pytest.raises(TooManyAttempts):
            take(SIGN_IN, now=after(second))
    assert take(SIGN_IN, now=after(60)) == 0
    assert throttling.wait_of(SIGN_IN, now=after(60)) == 120


@pytest.mark.sqlite
@pytest.mark.parametrize(("pause", "left"), [(299, 0), (300, 0), (301, 4)])
def test_a_window_ends_five_minutes_after_its_first_try(pause: int, left: int) -> None:
    for second in range(4):
        take(SIGN_IN, now=after(second))
    assert take(SIGN_IN, now=after(pause)) == left


@pytest.mark.sqlite
def test_after_a_wait_and_five_quiet_minutes_everything_starts_again() -> None:
    for _ in range(5):
        take(SIGN_IN, now=A_MOMENT)
    assert take(SIGN_IN, now=after(60 + 301)) == 4


@pytest.mark.sqlite
def test_no_more_than_25_failures_in_24_hours() -> None:
    """R12: whatever the network, and however slowly."""
    passed = tries_that_pass(throttling.SIGN_IN_DAY, every=600, during=2 * DAY)
    assert len([second for second in passed if second < DAY]) == 25
    assert len(passed) < 60


@pytest.mark.sqlite
def test_a_limit_of_one_try_waits_at_once() -> None:
    """R13: one letter with a secret in 24 hours."""
    assert tries_that_pass(throttling.SECRET_LETTER_DAY, every=HOUR, during=3 * DAY) == [0, 24 * HOUR, 48 * HOUR]


@pytest.mark.sqlite
def test_the_limit_of_a_month_is_not_forgotten_by_the_daily_purge() -> None:
    """R13: four letters in 30 days, with the purge running every night."""
    sent = 0
    for day in range(29):
        now = after(day * DAY + 1)
        throttling.forget(now=now)
        try:
            take((throttling.SECRET_LETTER_MONTH, "somebody"), now=now)
        except TooManyAttempts:
            continue
        sent += 1
    assert sent == 4


@pytest.mark.sqlite
def test_an_old_counter_is_forgotten_in_the_end() -> None:
    take(SIGN_IN, now=A_MOMENT)
    assert throttling.forget(now=after(3 * HOUR)) == 0
    assert retention.purge(now=after(62 * DAY))["throttles"] == 1


@pytest.mark.sqlite
def test_limits_and_subjects_do_not_mix() -> None:
    for _ in range(5):
        take(SIGN_IN, now=A_MOMENT)
    take((throttling.SIGN_IN, "somebody else"), now=A_MOMENT)
    take(DAILY, now=A_MOMENT)
    assert Throttle.objects.count() == 3


@pytest.mark.sqlite
def test_the_table_does_not_say_who_was_tried() -> None:
    take((throttling.SIGN_IN, "1630967482229"), now=A_MOMENT)
    assert b"1630967482229" not in bytes(Throttle.objects.get().key)


@pytest.mark.sqlite
def test_a_right_answer_is_forgiven_or_given_back() -> None:
    for _ in range(4):
        take(SIGN_IN, DAILY, now=A_MOMENT)
    throttling.forgive(SIGN_IN)
    throttling.give_back(DAILY)
    assert take(SIGN_IN, now=A_MOMENT) == 4
    assert take(DAILY, now=A_MOMENT) == 21


@pytest.mark.sqlite
def test_giving_back_opens_what_this_very_try_had_closed() -> None:
    for _ in range(5):
        take(SIGN_IN, now=A_MOMENT)
    throttling.give_back(SIGN_IN)
    assert take(SIGN_IN, now=A_MOMENT) == 0
    throttling.give_back((throttling.SIGN_IN, "nobody"))


@pytest.mark.sqlite
def test_a_very_long_siege_overflows_nothing() -> None:
    take(SIGN_IN, now=A_MOMENT)
    Throttle.objects.update(tries=2_000_000_000, blocked_until=0)
    take(SIGN_IN, now=after(1))
    assert throttling.wait_of(SIGN_IN, now=after(1)) == 15 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_a_hundred_tries_at_once_pass_no_further_than_a_hundred_in_a_row() -> None:
    def one_try(_: int) -> bool:
        try:
            take(SIGN_IN, now=A_MOMENT)
        except TooManyAttempts:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as attackers:
        assert sum(attackers.map(one_try, range(100))) == 5
