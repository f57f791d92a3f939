"""French dates, amounts and telephone numbers in templates."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Engine

from accounts.identity.phone import Phone
from accounts.templatetags import french

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 9, 8), "8 septembre 2026"),
        (date(2026, 10, 1), "1er octobre 2026"),
        (date(2020, 2, 29), "29 février 2020"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
        (None, ""),
    ],
)
def test_a_date_is_said_as_in_paris(day: date | None, said: str) -> None:
    assert french.french_date(day) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 9, 8, 15, 5, tzinfo=UTC), f"8 septembre 2026 à 17{NBSP}h{NBSP}05"),
        (datetime(2026, 11, 21, 16, 5, tzinfo=UTC), f"21 novembre 2026 à 17{NBSP}h{NBSP}05"),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), f"22 novembre 2026 à 0{NBSP}h"),
        (None, ""),
    ],
)
def test_a_moment_follows_summer_and_winter_time(moment: datetime | None, said: str) -> None:
    assert french.french_datetime(moment) == said


def test_an_amount_has_a_comma_and_its_spaces_do_not_break() -> None:
    assert french.euros(123456) == "1\u202f234,56\u00a0€"
    assert french.euros(0) == "0,00\u00a0€"
    assert french.euros(None) == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+33639981234", "06 39 98 12 34"),
        (Phone("+33639981234"), "06 39 98 12 34"),
        ("09 69 36 37 03", "09 69 36 37 03"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_telephone_number_is_grouped_by_two(number: str | Phone | None, said: str) -> None:
    assert french.phone(number) == said


def test_a_number_can_be_kept_on_one_line() -> None:
    assert french.nbsp("09 69 36 37 03") == f"09{NBSP}69{NBSP}36{NBSP}37{NBSP}03"
    assert french.nbsp(None) == ""


def test_a_template_reaches_the_filters_without_loading_them() -> None:
    page = Engine(builtins=["accounts.templatetags.french"]).from_string("{{ day|french_date }}")
    assert page.render(Context({"day": date(2026, 3, 2)})) == "2 mars 2026"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("assistanceinternet@umsage.msa.fr", "assistanceinternet@<wbr>umsage.msa.fr"),
        ("<b>@x", "&lt;b&gt;@<wbr>x"),
        ("", ""),
    ],
)
def test_an_address_folds_after_its_at(address: str, shown: str) -> None:
    """R22: on a phone no word is broken in its middle."""
    assert french.folding(address) == shown
