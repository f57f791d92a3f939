"""The carte Vitale's serial number, with photo and without (B18, B20, R3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused
from accounts.identity.vitale import CardKind, comparable, parse_serial

NIR, CORSICAN = Nir("1630967482229"), Nir("283072A004909")


def read(text, kind=CardKind.PHOTO, *, nir=NIR, prefix="8025000002"):
    return parse_serial(text, kind=kind, nir=nir, prefix=prefix)


@pytest.mark.parametrize(
    "text",
    ["01024576124", "0102457612 4", "8025000002 0102457612 4", "802500003201024576124", "０１０２４５７６１２４"],
)
def test_eleven_digits_are_read_with_or_without_a_printed_prefix(text):
    assert read(text) == "01024576124"


def test_another_prefix_in_the_settings_is_dropped_too():
    assert read("991234567801024576124", prefix="9912345678") == "01024576124"


def test_ten_digits_are_one_too_few():
    with pytest.raises(ValueRefused, match="wrong_length"):
        read("0102457612")


@pytest.mark.parametrize("text", ["12345678", "001234567", "1234567890123"])
def test_a_card_without_photo_has_eight_to_thirteen_digits(text):
    assert read(text, CardKind.NO_PHOTO) == text


@pytest.mark.parametrize("kind", CardKind)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("O1024576124", "letters"),
        ("0102457612/", "bad_character"),
        ("0102457612\x00", "bad_character"),
        ("1 63 09 67 482 229", "is_nir"),
        ("163096748222906", "is_nir"),
        ("63096748222", "is_nir"),
        ("08091963", "is_date"),
        ("08/09/1963", "is_date"),
        ("8025000002", "is_prefix"),
        ("8025000032", "is_prefix"),
        ("80250000025", "technical_number"),
        ("1234567", "wrong_length"),
        ("12345678901234", "wrong_length"),
        ("1" * 10_000, "too_long"),
    ],
)
def test_what_is_not_a_serial_says_why(kind, text, code):
    with pytest.raises(ValueRefused) as refused:
        read(text, kind)
    assert refused.value.code == code


def test_a_corsican_number_is_told_from_letters():
    with pytest.raises(ValueRefused, match="is_nir"):
        read("2 83 07 2a 004 909", nir=CORSICAN)


def test_a_serial_is_read_before_the_nir_is_known():
    assert read("01024576124", nir=None) == "01024576124"


def test_the_count_told_is_the_count_after_the_prefix():
    with pytest.raises(ValueRefused) as refused:
        read("8025000002 0102457612")
    assert refused.value.params == {"count": 10}


def test_leading_zeros_count_on_neither_side():
    assert comparable("001234567") == comparable("1234567") == "1234567"
    assert comparable("00000000") == "0"


@given(st.text(max_size=250), st.sampled_from(CardKind))
def test_no_text_raises_anything_but_a_refusal(text, kind):
    try:
        serial = read(text, kind)
    except ValueRefused:
        return
    assert serial.isascii()
    assert serial.isdigit()
