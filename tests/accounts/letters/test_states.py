"""Where a letter is, read from its row: one table."""

from datetime import datetime
from uuid import uuid4

import pytest

from accounts.letters import State, state
from accounts.models import Letter
from tests.letters import A_MOMENT

STATIONS = [
    ({}, State.QUEUED),
    ({"set_aside": "bad_address"}, State.SET_ASIDE),
    ({"batch_id": uuid4()}, State.IN_BATCH),
    ({"batch_id": uuid4(), "set_aside": "no_address"}, State.SET_ASIDE),
    ({"batch_id": uuid4(), "printed_at": A_MOMENT}, State.PRINTED),
    ({"batch_id": uuid4(), "printed_at": A_MOMENT, "posted_at": A_MOMENT}, State.POSTED),
    ({"printed_at": A_MOMENT, "posted_at": A_MOMENT}, State.POSTED),
    ({"printed_at": A_MOMENT, "posted_at": A_MOMENT, "returned_at": A_MOMENT}, State.RETURNED),
    ({"printed_at": A_MOMENT, "returned_at": A_MOMENT}, State.RETURNED),
]


@pytest.mark.parametrize(("columns", "expected"), STATIONS)
def test_a_letter_stands_at_one_station(columns: dict[str, datetime | str], expected: State) -> None:
    assert state(Letter(kind=Letter.Kind.TEMPORARY_PASSWORD, **columns)) is expected


def test_every_station_is_reached_and_has_a_french_name() -> None:
    assert {expected for _, expected in STATIONS} == set(State)
    assert len({each.label for each in State}) == len(State)
