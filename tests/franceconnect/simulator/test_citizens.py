"""The people whom the demonstration's providers know (issue 4, the simulator)."""

import csv
from pathlib import Path

import pytest

from franceconnect.simulator import citizens, identity_check, rnipp

MEMBERS = Path(__file__).parents[3] / "accounts" / "data" / "personas" / "members.csv"
PIVOT_IN_REGISTRY = ("given_names", "birth_name", "birth_date", "gender", "birth_place", "birth_country")


def registry() -> dict[str, dict[str, str]]:
    with MEMBERS.open(encoding="utf-8", newline="") as file:
        return {row["nir"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("citizen", [each for each in citizens.citizens() if each.member_nir], ids=lambda one: one.slug)
def test_a_member_has_the_pivot_of_the_registry(citizen):
    """R24: what the register of persons answers for them is what the MSA's registry holds."""
    known = registry()[citizen.member_nir]
    held = citizen.claims
    if citizen.register_given_name:
        held["given_name"] = citizen.register_given_name
    assert tuple(held[name] for name in citizens.PIVOT) == tuple(known[name] for name in PIVOT_IN_REGISTRY)
    assert citizen.preferred_username in ("", known["usage_name"])


def test_everybody_of_the_registry_can_be_played():
    played = {each.member_nir for each in citizens.citizens()}
    assert set(registry()) <= played


def test_every_kind_of_person_is_there():
    """Issue 4: same pivot, one letter off, presumed date, born abroad, homonyms, deceased, no e-mail."""
    everybody = {each.slug: each for each in citizens.citizens()}
    assert len(everybody) == len(citizens.citizens())
    assert everybody["lami"].claims | {"family_name": "LAMY", "email": ""} == everybody["lamy"].claims | {"email": ""}
    assert everybody["haddad"].birthdate == "1950-00-00"
    assert everybody["bouzid"].birthdate == "1992-11-00"
    assert (everybody["papadakis"].birthplace, everybody["papadakis"].birthcountry) == ("", "99126")
    assert (everybody["martin"].fate, everybody["moreau"].fate) == ("Y010006", "Y010015")
    assert "email" not in everybody["sans-email"].claims
    assert everybody["garcin-sylvie"].email == everybody["garcin"].email


def test_every_citizen_stands_under_a_title_that_tells_their_fate():
    for citizen in citizens.citizens():
        assert citizen.group in citizens.GROUPS
        broken = identity_check.broken(citizen.claims)
        assert bool(broken) == (citizen.group == "incomplete"), citizen.slug
        if not broken:
            assert is_refused(citizen) == (citizen.group == "register"), citizen.slug


def is_refused(citizen: citizens.Citizen) -> bool:
    try:
        rnipp.ask(citizen.claims)
    except rnipp.RnippRefused:
        return True
    return False


def test_the_list_can_be_filtered_by_name_and_by_what_is_shown():
    assert [each.slug for group in citizens.grouped("éloïse") for each in group.citizens] == [
        "keller", "keller-abregee", "keller-usage",
    ]  # fmt: skip
    assert [each.slug for group in citizens.grouped("Y010015") for each in group.citizens] == ["moreau"]
    assert citizens.grouped("nobody of that name") == ()


def test_every_failure_of_the_register_has_somebody_who_shows_it():
    """Facts A7."""
    shown = set()
    for citizen in citizens.citizens():
        try:
            rnipp.ask(citizen.claims)
        except rnipp.RnippRefused as refused:
            shown.add(refused.code)
    assert shown == set(rnipp.FAILURES)
