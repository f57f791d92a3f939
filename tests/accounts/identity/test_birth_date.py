"""The birth date: every way of typing it, unknown parts, ages, comparison (B11, facts 1.5)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.birth_date import BirthDate
from accounts.identity.refusal import ValueRefused

TODAY = date(2026, 9, 8)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "08/09/1963", "8/9/1963", "8.9.1963", "8-9-1963", "8 9 1963", "08091963", "1963-09-08", "19630908",
        "8 septembre 1963", "8 SEPTEMBRE 1963", "8 sept. 1963", "8 sep 1963", "8-sept-1963", "le 8 septembre 1963",
        "dimanche 8 septembre 1963", " 08 / 09 / 1963 ", "08\u00a0/\u00a009\u00a0/\u00a01963", "０８/０９/１９６３",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(text):
    assert BirthDate.parse_typed(text, today=TODAY) == BirthDate(1963, 9, 8)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1er août 1950", "1950-08-01"),
        ("1 ER AOUT 1950", "1950-08-01"),
        ("15 févr. 1950", "1950-02-15"),
        ("15 fevrier 1950", "1950-02-15"),
        ("29/02/1964", "1964-02-29"),
        ("19/09/1963", "1963-09-19"),
        ("19091963", "1963-09-19"),
        ("20101950", "1950-10-20"),
        ("00/00/1950", "1950-00-00"),
        ("32/13/1950", "1950-00-00"),
        ("1950-00-00", "1950-00-00"),
        ("00/05/1950", "1950-05-00"),
        ("32/05/1950", "1950-05-00"),
        ("08/09/2026", "2026-09-08"),
    ],
)
def test_names_of_months_leap_days_and_unknown_parts_are_read(text, iso):
    assert BirthDate.parse_typed(text, today=TODAY).iso == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u202f ", "empty"),
        ("--", "empty"),
        ("bonjour", "unreadable"),
        ("8/9", "unreadable"),
        ("8/9/1963/2", "unreadable"),
        ("8/9/963", "unreadable"),
        ("8 jui 1963", "unreadable"),
        ("8 m 1963", "unreadable"),
        ("08/09/1963\x00", "unreadable"),
        ("0809196", "unreadable"),
        ("1950", "year_only"),
        ("09/1963", "day_missing"),
        ("septembre 1963", "day_missing"),
        ("8/9/63", "two_digit_year"),
        ("080963", "two_digit_year"),
        ("31/02/1950", "impossible_day"),
        ("29/02/1963", "impossible_day"),
        ("31/04/1950", "impossible_day"),
        ("33/04/1950", "impossible_day"),
        ("08/14/1963", "impossible_month"),
        ("15/13/1950", "impossible_month"),
        ("15/00/1950", "impossible_month"),
        ("09/09/2026", "future"),
        ("00/10/2026", "future"),
        ("00/00/2027", "future"),
        ("31/12/1899", "too_old"),
        ("08/09/0000", "too_old"),
        ("1" * 10_000, "too_long"),
    ],
)
def test_what_cannot_be_a_birth_date_says_why(text, code):
    with pytest.raises(ValueRefused) as refused:
        BirthDate.parse_typed(text, today=TODAY)
    assert refused.value.code == code


def test_an_impossible_day_is_told_the_last_possible_one():
    with pytest.raises(ValueRefused) as refused:
        BirthDate.parse_typed("31/02/1950", today=TODAY)
    assert refused.value.params == {"last": 28, "month": "février", "year": 1950}


@pytest.mark.parametrize(
    "text", ["1950-02-31", "1950-1-01", "1950-14-01", "01/01/1950", "", "1950-01-01\n", "0000-01-01"]
)
def test_the_registry_form_is_strict(text):
    with pytest.raises(ValueRefused):
        BirthDate.from_iso(text)


def test_a_month_unknown_to_the_registry_makes_its_day_unknown():
    assert BirthDate.from_iso("1950-13-32") == BirthDate.from_iso("1950-00-15") == BirthDate(1950)


@pytest.mark.parametrize(
    ("iso", "french"),
    [
        ("1963-09-08", "8 septembre 1963"),
        ("1950-08-01", "1er août 1950"),
        ("1963-09-00", "septembre 1963"),
        ("1950-00-00", "1950"),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(iso, french):
    assert BirthDate.from_iso(iso).french == french


def test_only_a_whole_date_is_complete():
    assert BirthDate(1963, 9, 8).is_complete
    assert not BirthDate(1963, 9).is_complete
    assert not BirthDate(1963).is_complete


@pytest.mark.parametrize(
    ("iso", "on", "age"),
    [
        ("1963-09-08", date(2026, 9, 7), 62),
        ("1963-09-08", date(2026, 9, 8), 63),
        ("1950-00-00", date(2026, 12, 30), 75),
        ("1950-00-00", date(2026, 12, 31), 76),
        ("1950-02-00", date(2026, 2, 27), 75),
        ("1950-02-00", date(2026, 2, 28), 76),
        ("1964-02-29", date(2026, 2, 28), 61),
    ],
)
def test_ages_count_from_the_last_possible_day(iso, on, age):
    assert BirthDate.from_iso(iso).age_on(on) == age


@pytest.mark.parametrize(
    ("typed", "registered", "matches"),
    [
        ("1963-09-08", "1963-09-08", True),
        ("1963-09-08", "1963-09-09", False),
        ("1963-09-08", "1964-09-08", False),
        ("1950-05-17", "1950-00-00", True),
        ("1950-00-00", "1950-00-00", True),
        ("1951-00-00", "1950-00-00", False),
        ("1950-05-17", "1950-05-00", True),
        ("1950-05-00", "1950-05-00", True),
        ("1950-06-17", "1950-05-00", False),
        ("1950-00-00", "1950-05-00", False),
        ("1950-05-00", "1950-05-17", False),
        ("1950-00-00", "1950-05-17", False),
    ],
)
def test_what_the_registry_knows_must_be_typed_and_the_rest_is_free(typed, registered, matches):
    assert BirthDate.from_iso(typed).matches(BirthDate.from_iso(registered)) is matches


def test_its_repr_is_silent():
    assert repr(BirthDate(1963, 9, 8)) == "BirthDate(•••)"


@given(
    DATES, st.sampled_from(["{0:%d/%m/%Y}", "{0:%d%m%Y}", "{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0.day}.{0.month}.{0.year}"])
)
def test_every_date_comes_back_from_every_form(day, form):
    expected = BirthDate(day.year, day.month, day.day)
    assert BirthDate.parse_typed(form.format(day), today=TODAY) == expected
    assert BirthDate.parse_typed(expected.french, today=TODAY) == expected
    assert BirthDate.from_iso(expected.iso) == expected


@given(DATES, st.sampled_from(["day", "month"]))
def test_unknown_parts_come_back_too(day, unknown):
    partial = BirthDate(day.year, day.month if unknown == "day" else None)
    assert BirthDate.from_iso(partial.iso) == partial
    assert BirthDate.parse_typed(partial.typed, today=TODAY) == partial


@given(st.one_of(st.text(max_size=250), st.text(alphabet="0123456789/-. jnuilermas", max_size=20)))
def test_no_text_raises_anything_but_a_refusal(text):
    try:
        found = BirthDate.parse_typed(text, today=TODAY)
    except ValueRefused:
        return
    assert not found.is_after(TODAY)
