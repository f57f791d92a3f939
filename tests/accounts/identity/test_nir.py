"""The NIR: the whole table of cases, a second opinion, any spacing, no leak (B05, B08, facts 1.1-1.7)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as second_opinion

from accounts.identity.birth_date import BirthDate
from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused

CASES = list(csv.DictReader((Path(__file__).parents[2] / "data" / "nir_cases.csv").open(encoding="utf-8", newline="")))
VALID = [pytest.param(case, id=case["case_id"]) for case in CASES if case["valid"] == "true"]
REFUSED = [pytest.param(case, id=case["case_id"]) for case in CASES if case["valid"] == "false"]
GENDERS = {"M": "male", "F": "female"}
FRITZ = Nir("1630967482229")


@pytest.mark.parametrize("case", VALID)
def test_every_valid_case_is_read_column_by_column(case):
    nir = Nir.parse(case["input"])
    assert (nir.number, nir.key, nir.grouped) == (case["nir13"], case["key"], case["display13"])
    assert f"{nir.grouped} {nir.key}" == case["display15"]
    assert nir.gender == GENDERS[case["sex"]]
    assert nir.kind == case["status"]
    assert f"{nir.year:02d}" == case["yy"]
    assert nir.number[3:5] == case["month"]
    assert month_kind(nir) == case["month_kind"]
    assert (nir.department, nir.place, nir.order) == (case["department"], case["place"], case["order"])
    assert nir.suits_franceconnect == (case["fc_candidate"] == "yes")


def month_kind(nir):
    if nir.has_incomplete_record:
        return "known_incomplete_record"
    return "known" if nir.month else "unknown"


@pytest.mark.parametrize("case", REFUSED)
def test_every_refused_case_says_why(case):
    with pytest.raises(ValueRefused) as refused:
        Nir.parse(case["input"])
    assert refused.value.code == case["reason"]


@pytest.mark.parametrize("case", VALID)
def test_python_stdnum_agrees_on_the_key(case):
    nir = Nir.parse(case["input"])
    assert second_opinion.is_valid(nir.number + nir.key)


def test_the_table_is_whole():
    assert (len(VALID), len(REFUSED)) == (35, 38)


def test_the_member_is_told_how_many_digits_are_missing_or_too_many():
    with pytest.raises(ValueRefused) as short:
        Nir.parse("163096748222")
    with pytest.raises(ValueRefused) as long:
        Nir.parse("16309674822290612")
    assert short.value.params == {"count": 12, "missing": 1}
    assert long.value.params == {"count": 17, "extra": 2}


@pytest.mark.parametrize("text", ["1630967482229\x00", "\ufffd" * 13, "١٦٣٠٩٦٧٤٨٢٢٢٩"])
def test_characters_that_only_look_like_input_are_refused(text):
    with pytest.raises(ValueRefused, match="bad_character"):
        Nir.parse(text)


@pytest.mark.parametrize("text", ["1" * 10_000, " " * 10_000, "A" * 10_000, "\ufdfa" * 10_000])
def test_ten_kilobytes_are_refused_before_any_work(text):
    with pytest.raises(ValueRefused, match="too_long"):
        Nir.parse(text)


def test_a_month_written_31_to_42_is_known_and_20_or_50_is_not():
    assert Nir("1503192352922").month == 1
    assert Nir("2562099507923").month is None
    assert Nir("1615099214924").month is None


def test_a_number_printed_in_a_log_tells_nothing():
    assert repr(FRITZ) == str(FRITZ) == f"{FRITZ}" == "Nir(•••)"


def test_a_masked_number_keeps_sex_year_and_month_only():
    assert FRITZ.masked == "1 63 09 ** *** ***"


@pytest.mark.parametrize(
    ("number", "birth", "gender", "agrees"),
    [
        ("1630967482229", "1963-09-08", "male", True),
        ("1630967482229", "1863-09-08", "male", True),
        ("1630967482229", "1963-00-00", "male", True),
        ("1630967482229", "1963-09-08", "female", False),
        ("1630967482229", "1964-09-08", "male", False),
        ("1630967482229", "1963-10-08", "male", False),
        ("1503192352922", "1950-01-15", "male", True),
        ("1503192352922", "1950-02-15", "male", False),
        ("2562099507923", "1956-07-01", "female", True),
        ("2562099507923", "1957-07-01", "female", False),
        ("3950699128925", "1980-01-01", "female", True),
        ("7880167482927", "1980-01-01", "female", True),
    ],
)
def test_a_number_agrees_or_not_with_a_birth(number, birth, gender, agrees):
    assert Nir(number).agrees_with(BirthDate.from_iso(birth), gender) is agrees


@given(
    number=st.sampled_from([case["nir13"] for case in CASES if case["nir13"]]),
    with_key=st.booleans(),
    gaps=st.lists(
        st.sampled_from(["", "", " ", "\u00a0", "\u202f", "\u2009", ".", "-", "\u2011"]), min_size=16, max_size=16
    ),
    lower=st.booleans(),
)
def test_any_spacing_gives_the_same_number(number, with_key, gaps, lower):
    text = number + (Nir(number).key if with_key else "")
    typed = gaps[-1] + "".join(character + gap for character, gap in zip(text, gaps, strict=False))
    assert Nir.parse(typed.lower() if lower else typed) == Nir(number)
    assert Nir.parse(Nir(number).grouped) == Nir(number)


@given(st.one_of(st.text(max_size=300), st.text(alphabet="0123456789AB abé½²", min_size=11, max_size=17)))
def test_no_text_raises_anything_but_a_refusal(text):
    try:
        nir = Nir.parse(text)
    except ValueRefused:
        return
    assert second_opinion.is_valid(nir.number + nir.key)


@given(st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_caught_by_the_key(place, shift):
    digits = list(FRITZ.number)
    digits[place] = str((int(digits[place]) + shift) % 10)
    with pytest.raises(ValueRefused):
        Nir.parse("".join(digits) + FRITZ.key)
