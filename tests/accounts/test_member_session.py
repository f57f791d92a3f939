"""The two clocks of a session, to the second (R14)."""

import pytest

from accounts import member_session
from accounts.member_session import OPENED, SEEN, End
from tests.members import A_MOMENT

NOW = int(A_MOMENT.timestamp())
MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("opened", "seen", "end"),
    [
        (0, 0, None),
        (29 * MINUTE, 29 * MINUTE, None),
        (HOUR, 30 * MINUTE, None),
        (HOUR, 30 * MINUTE + 1, End.IDLE),
        (12 * HOUR, 0, None),
        (12 * HOUR + 1, 0, End.TOO_LONG),
        (13 * HOUR, HOUR, End.TOO_LONG),
    ],
)
def test_which_clock_has_run_out(opened: int, seen: int, end: End | None) -> None:
    session = {OPENED: NOW - opened, SEEN: NOW - seen}
    assert member_session.ended(session, now=A_MOMENT) is end


def test_a_session_without_clocks_has_ended() -> None:
    assert member_session.ended({}, now=A_MOMENT) is End.TOO_LONG


@pytest.mark.parametrize(("age", "written"), [(59, False), (60, True), (600, True)])
def test_the_clock_is_written_once_a_minute_at_most(age: int, written: bool) -> None:
    session = {SEEN: NOW - age}
    member_session.touch(session, now=A_MOMENT)
    assert (session[SEEN] == NOW) is written
