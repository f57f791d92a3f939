"""The SIRET: fourteen digits, their control, the post offices' exception (R1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as second_opinion

from accounts.identity.refusal import ValueRefused
from accounts.identity.siret import Siret


@pytest.mark.parametrize(
    "text", ["732 829 320 00074", "73282932000074", "732.829.320-00074", "７３２８２９３２００００７４"]
)
def test_a_siret_is_read_from_any_spacing(text):
    assert Siret.parse(text).number == "73282932000074"


def test_it_is_shown_in_its_usual_groups():
    assert Siret("73282932000074").grouped == "732 829 320 00074"


@pytest.mark.parametrize("number", ["35600000000048", "35600000049837"])
def test_post_offices_are_accepted_by_either_control(number):
    assert Siret.parse(number).number == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u00a0 ", "empty"),
        ("7328293200007A", "bad_character"),
        ("7328293200007\x00", "bad_character"),
        ("732829320", "is_siren"),
        ("7328293200007", "too_short"),
        ("732829320000744", "too_long"),
        ("73282932000075", "bad_key"),
        ("35600000049838", "bad_key"),
        ("00000000000000", "bad_key"),
        ("11122324247898", "bad_key"),
        ("7" * 10_000, "too_long"),
    ],
)
def test_what_is_not_a_siret_says_why(text, code):
    with pytest.raises(ValueRefused) as refused:
        Siret.parse(text)
    assert refused.value.code == code


def test_its_repr_is_silent():
    assert repr(Siret("73282932000074")) == "Siret(•••)"


@given(st.text(alphabet="0123456789", min_size=14, max_size=14).filter(lambda text: text[:9].strip("0")))
def test_python_stdnum_agrees_on_every_fourteen_digits(text):
    try:
        Siret.parse(text)
        accepted = True
    except ValueRefused:
        accepted = False
    assert accepted == second_opinion.is_valid(text) or text.startswith("356000000")
