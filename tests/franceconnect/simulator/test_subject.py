"""sub: by sector, from the civil status (facts A7, FS 10)."""

import re

import pytest

from franceconnect.simulator import subject

ORSINI = {
    "given_name": "Ghjulia Marie", "family_name": "ORSINI", "birthdate": "1990-11-23", "gender": "female",
    "birthplace": "2B033", "birthcountry": "99100",
}  # fmt: skip


def test_it_has_66_characters_and_says_no_name():
    assert re.fullmatch("[0-9a-f]{64}v1", subject.of(ORSINI, "msa"))


def test_an_email_and_a_usage_name_do_not_change_it():
    more = {**ORSINI, "email": "a@example.org", "preferred_username": "DUPONT", "idp_birthdate": "1990-11-00"}
    assert subject.of(more, "msa") == subject.of(ORSINI, "msa")


@pytest.mark.parametrize("name", ORSINI)
def test_each_part_of_the_civil_status_does(name):
    assert subject.of({**ORSINI, name: "99352" if name == "birthcountry" else "X"}, "msa") != subject.of(ORSINI, "msa")


def test_the_place_counts_in_france_alone():
    abroad = {**ORSINI, "birthcountry": "99352"}
    assert subject.of({**abroad, "birthplace": ""}, "msa") == subject.of({**abroad, "birthplace": "Alger"}, "msa")


def test_services_cannot_compare_theirs():
    assert subject.of(ORSINI, "msa") != subject.of(ORSINI, "another")
