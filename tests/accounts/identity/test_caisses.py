"""Departments and caisses: each department once, numbers typed freely, the help's contacts (C10, A03)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.caisses import CAISSES, caisse, caisse_of, department, departments
from accounts.identity.refusal import ValueRefused


def test_every_metropolitan_department_is_there_once_and_in_order():
    codes = [each.code for each in departments()]
    expected = [f"{n:02d}" for n in range(1, 96) if n != 20]
    assert [code for code in codes if len(code) == 2 and code.isdigit()] == expected
    assert codes[19:21] == ["2A", "2B"]
    assert codes[96:] == ["971", "972", "973", "974", "975", "976", "977"]


def test_thirty_five_caisses_serve_the_mainland():
    assert len({each.caisse.code for each in departments() if len(each.code) == 2}) == 35


def test_both_alsatian_departments_belong_to_the_msa_of_number_68():
    assert caisse_of("67") == caisse_of("68") == caisse("68")
    assert (caisse("68").name, caisse("68").site) == ("MSA Alsace", "alsace.msa.fr")


def test_a_department_is_labelled_as_in_the_list():
    assert department("1").label == "01-Ain"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1", "01"), ("01", "01"), (" 67 ", "67"), ("2a", "2A"), ("2 B", "2B"), ("974", "974"), ("６７", "67"),
        ("Bas-Rhin", "67"), ("cotes d armor", "22"), ("La réunion", "974"),
    ],
)  # fmt: skip
def test_a_department_is_found_however_it_is_typed(typed, code):
    assert department(typed).code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("20", "corsica"),
        ("corse", "corsica"),
        ("67000", "postcode"),
        ("0", "unknown_department"),
        ("96", "unknown_department"),
        ("2C", "unknown_department"),
        ("99", "unknown_department"),
        ("67\x00", "unknown_department"),
        ("6" * 10_000, "too_long"),
    ],
)
def test_what_is_not_a_department_says_why(typed, code):
    with pytest.raises(ValueRefused) as refused:
        department(typed)
    assert refused.value.code == code


def test_every_caisse_can_be_called_and_written_to():
    assert all(each.phone and "@" in each.email and each.opening for each in CAISSES.values())
    assert (caisse("68").phone, caisse("68").email) == ("09 69 36 37 03", "assistanceinternet@umsage.msa.fr")


def test_a_site_that_is_not_sure_is_left_out():
    assert not any("?" in each.site for each in CAISSES.values())
    assert caisse_of("971").site == ""


def test_only_la_reunion_sends_every_password_by_post():
    assert [each.code for each in departments() if each.caisse.post_only] == ["974"]


@given(st.text(max_size=220))
def test_no_text_raises_anything_but_a_refusal(text):
    try:
        assert department(text) in departments()
    except ValueRefused:
        return
