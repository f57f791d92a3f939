"""Telephone numbers: mainland, overseas, fiction, and what is not one (B11, E02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.phone import Phone, PhoneKind
from accounts.identity.refusal import ValueRefused


@pytest.mark.parametrize(
    "text",
    [
        "0639981234", "06 39 98 12 34", "06.39.98.12.34", "06-39-98-12-34", "06/39/98/12/34", "+33 6 39 98 12 34",
        "+33 (0)6 39 98 12 34", "0033639981234", "33639981234", "06\u00a039\u202f98 12 34", "+330639981234",
    ],
)  # fmt: skip
def test_a_mobile_is_read_however_it_is_typed(text):
    assert Phone.parse(text, kind=PhoneKind.MOBILE).e164 == "+33639981234"


@pytest.mark.parametrize(
    ("text", "e164", "grouped", "masked"),
    [
        ("0199001234", "+33199001234", "01 99 00 12 34", "01 •• •• •• 34"),
        ("0600000000", "+33600000000", "06 00 00 00 00", "06 •• •• •• 00"),
        ("0328000000", "+33328000000", "03 28 00 00 00", "03 •• •• •• 00"),
        ("0970123456", "+33970123456", "09 70 12 34 56", "09 •• •• •• 56"),
        ("0692123456", "+262692123456", "0692 12 34 56", "06•• •• •• 56"),
        ("+262 692 12 34 56", "+262692123456", "0692 12 34 56", "06•• •• •• 56"),
        ("262692123456", "+262692123456", "0692 12 34 56", "06•• •• •• 56"),
        ("+33692123456", "+262692123456", "0692 12 34 56", "06•• •• •• 56"),
        ("0269612345", "+262269612345", "0269 61 23 45", "02•• •• •• 45"),
        ("0690123456", "+590690123456", "0690 12 34 56", "06•• •• •• 56"),
        ("0594301234", "+594594301234", "0594 30 12 34", "05•• •• •• 34"),
        ("0596301234", "+596596301234", "0596 30 12 34", "05•• •• •• 34"),
        ("+508 41 12 34", "+508411234", "+508 41 12 34", "+508 •• •• 34"),
        ("+681 72 12 34", "+681721234", "+681 72 12 34", "+681 •• •• 34"),
        ("+687 75 12 34", "+687751234", "+687 75.12.34", "+687 ••.••.34"),
        ("+689 87 12 34 56", "+68987123456", "+689 87 12 34 56", "+689 •• •• •• 56"),
    ],
)
def test_every_part_of_france_is_read_shown_and_masked(text, e164, grouped, masked):
    phone = Phone.parse(text)
    assert (phone.e164, phone.grouped, phone.masked) == (e164, grouped, masked)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("", PhoneKind.ANY, "empty"),
        (" . ", PhoneKind.ANY, "empty"),
        ("06 39 98 AB CD", PhoneKind.ANY, "bad_character"),
        ("0639981234\x00", PhoneKind.ANY, "bad_character"),
        ("06+39981234", PhoneKind.ANY, "bad_character"),
        ("+", PhoneKind.ANY, "bad_character"),
        ("06 39 98 12", PhoneKind.ANY, "too_short"),
        ("3646", PhoneKind.ANY, "too_short"),
        ("06 39 98 12 34 5", PhoneKind.ANY, "too_long"),
        ("0" * 50, PhoneKind.ANY, "too_long"),
        ("0" * 10_000, PhoneKind.ANY, "too_long"),
        ("+32 470 12 34 56", PhoneKind.ANY, "foreign"),
        ("0049 30 1234567", PhoneKind.ANY, "foreign"),
        ("0000000000", PhoneKind.ANY, "unknown_number"),
        ("0800123456", PhoneKind.ANY, "unknown_number"),
        ("0328000000", PhoneKind.MOBILE, "not_mobile"),
        ("0639981234", PhoneKind.LANDLINE, "not_landline"),
    ],
)
def test_what_cannot_be_called_says_why(text, kind, code):
    with pytest.raises(ValueRefused) as refused:
        Phone.parse(text, kind=kind)
    assert refused.value.code == code


def test_its_repr_is_silent():
    assert repr(Phone("+33639981234")) == "Phone(•••)"


@given(st.one_of(st.text(max_size=250), st.text(alphabet="0123456789+() .", max_size=20)))
def test_no_text_raises_anything_but_a_refusal_and_a_shown_number_is_read_again(text):
    try:
        phone = Phone.parse(text)
    except ValueRefused:
        return
    assert Phone.parse(phone.e164) == phone
    assert Phone.parse(phone.grouped) == phone
