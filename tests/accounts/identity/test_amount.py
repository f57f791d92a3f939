"""Amounts: as a proof they need their cents (B16, R4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.amount import LARGEST, french_amount, parse_amount
from accounts.identity.refusal import ValueRefused


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,00", 1200),
        ("12.50", 1250),
        ("1 234,56 €", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("€ 12,00", 1200),
        ("12,00 euros", 1200),
        ("12 EUR", None),
        ("12€50", 1250),
        ("0,05", 5),
        ("００12,50", 1250),
        ("999 999,99", 99_999_999),
    ],
)
def test_an_amount_is_read_however_it_is_typed(text, cents):
    if cents is None:
        with pytest.raises(ValueRefused, match="cents_missing"):
            parse_amount(text)
    else:
        assert parse_amount(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" € ", "empty"),
        ("-3", "negative"),
        ("−12,00", "negative"),
        ("12", "cents_missing"),
        ("12,", "cents_missing"),
        ("12,5", "two_decimals"),
        ("12.505", "too_precise"),
        ("1 234,567 €", "too_precise"),
        ("douze", "bad_character"),
        ("12,50\x00", "bad_character"),
        ("½", "bad_character"),
        (",50", "unreadable"),
        ("1.2.3", "unreadable"),
        ("12,50,", "unreadable"),
        ("0,00", "zero"),
        ("1 000 000,00", "too_large"),
        ("9" * 150 + ",00", "too_large"),
        ("9" * 10_000, "too_long"),
    ],
)
def test_what_is_not_an_exact_amount_says_why(text, code):
    with pytest.raises(ValueRefused) as refused:
        parse_amount(text)
    assert refused.value.code == code


def test_an_amount_is_shown_the_french_way():
    assert french_amount(123456) == "1\u202f234,56\u00a0€"
    assert french_amount(250) == "2,50\u00a0€"
    assert french_amount(-1205) == "\u221212,05\u00a0€"


@given(st.integers(1, LARGEST))
def test_what_is_shown_can_be_typed(cents):
    assert parse_amount(french_amount(cents)) == cents


@given(st.one_of(st.text(max_size=250), st.text(alphabet="0123456789,.€ -", max_size=20)))
def test_no_text_raises_anything_but_a_refusal(text):
    try:
        cents = parse_amount(text)
    except ValueRefused:
        return
    assert 0 < cents <= LARGEST
