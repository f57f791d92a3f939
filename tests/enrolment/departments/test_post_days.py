"""When a letter arrives: Saturdays, Sundays and the holidays, those of Easter and of Alsace-Moselle too (H08, H09)."""

from datetime import UTC, date, datetime

import pytest

from enrolment.departments.post_days import expected, is_working_day

pytestmark = [pytest.mark.sqlite]
AIN, STRASBOURG, METZ, COLMAR = "01", "67", "57", "68"


@pytest.mark.parametrize(
    ("posted_on", "arrives"),
    [
        (datetime(2026, 11, 20, 9, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 16, 9, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 12, 23, 9, tzinfo=UTC), date(2026, 12, 29)),
        # Half past eleven in the evening at Greenwich is the next day in Paris.
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), date(2026, 11, 19)),
        # Good Friday is a day like any other here, Easter Monday is not.
        (datetime(2026, 4, 2, 9, tzinfo=UTC), date(2026, 4, 8)),
        (datetime(2026, 5, 13, 9, tzinfo=UTC), date(2026, 5, 19)),
        (datetime(2026, 5, 22, 9, tzinfo=UTC), date(2026, 5, 28)),
    ],
)
def test_a_letter_takes_three_days_on_which_the_post_delivers(posted_on: datetime, arrives: date) -> None:
    assert expected(posted_on, department=AIN) == arrives


@pytest.mark.parametrize(
    ("good_friday", "easter_monday", "ascension", "whit_monday"),
    [
        ("2024-03-29", "2024-04-01", "2024-05-09", "2024-05-20"),
        ("2025-04-18", "2025-04-21", "2025-05-29", "2025-06-09"),
        ("2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"),
        ("2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17"),
        ("2028-04-14", "2028-04-17", "2028-05-25", "2028-06-05"),
        # As early and as late as it can be.
        ("2285-03-20", "2285-03-23", "2285-04-30", "2285-05-11"),
        ("2038-04-23", "2038-04-26", "2038-06-03", "2038-06-14"),
    ],
)
def test_the_holidays_that_follow_easter(
    good_friday: str, easter_monday: str, ascension: str, whit_monday: str
) -> None:
    for day in map(date.fromisoformat, (easter_monday, ascension, whit_monday)):
        assert not is_working_day(day, department=AIN), day
        assert not is_working_day(day, department=COLMAR), day
    assert is_working_day(date.fromisoformat(good_friday), department=AIN)
    assert not is_working_day(date.fromisoformat(good_friday), department=COLMAR)


@pytest.mark.parametrize("day", ["2026-04-03", "2025-12-26"])
@pytest.mark.parametrize(
    ("department", "delivers"),
    [(METZ, False), (STRASBOURG, False), (COLMAR, False), ("54", True), ("88", True), (AIN, True), ("", True)],
)
def test_alsace_and_moselle_have_two_more(day: str, department: str, delivers: bool) -> None:
    """Code du travail, L3134-13."""
    assert is_working_day(date.fromisoformat(day), department=department) is delivers


def test_a_letter_to_strasbourg_waits_for_both() -> None:
    assert expected(datetime(2026, 4, 2, 9, tzinfo=UTC), department=STRASBOURG) == date(2026, 4, 9)
    assert expected(datetime(2025, 12, 24, 9, tzinfo=UTC), department=STRASBOURG) == date(2025, 12, 31)
    assert expected(datetime(2025, 12, 24, 9, tzinfo=UTC), department=AIN) == date(2025, 12, 30)
