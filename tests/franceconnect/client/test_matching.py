"""The pivot against the registry: a table, and everything that hypothesis can think of (R24, FS 12 to FS 15)."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from franceconnect.client import matching
from franceconnect.client.identity import FederationIdentity
from franceconnect.client.matching import Match

CLAIMS = {
    "given_name": "Éloïse Marie-Odile",
    "family_name": "KELLER",
    "birthdate": "1972-03-14",
    "gender": "female",
    "birthcountry": "99100",
    "birthplace": "67482",
    "email": "eloise@example.org",
    "preferred_username": "D'ORSAY",
}
DOSSIER = {
    "birth_name": "Keller",
    "usage_name": "D'Orsay",
    "given_names": "Éloïse Marie-Odile",
    "birth_date": "1972-03-14",
    "gender": "female",
    "birth_place": "67482",
    "birth_country": "99100",
}


def identity(**claims: str) -> FederationIdentity:
    return FederationIdentity(issuer="https://fc.example/api/v2", subject="a" * 64 + "v1", **{**CLAIMS, **claims})


def member(**dossier: str) -> Member:
    made = Member()
    made.dossier = {**DOSSIER, **dossier}
    return made


SAME = {
    "as it is": ({}, {}),
    "upper case, no accents": ({"given_name": "ELOISE MARIE ODILE"}, {}),
    "a hyphen for a space": ({"given_name": "Éloïse-Marie Odile"}, {}),
    "an apostrophe of another kind": ({"family_name": "D’ARC"}, {"birth_name": "d'Arc"}),
    "an apostrophe for a space": ({"family_name": "D ARC"}, {"birth_name": "D'Arc"}),
    "spaces inside": ({"family_name": "LE GOFF"}, {"birth_name": "Le  Goff"}),
    "a ligature": ({"family_name": "LEBOEUF"}, {"birth_name": "Lebœuf"}),
    "a presumed day": ({"birthdate": "1972-03-01"}, {"birth_date": "1972-03-00"}),
    "a presumed month": ({"birthdate": "1972-01-01"}, {"birth_date": "1972-00-00"}),
    "abroad, no place": ({"birthcountry": "99126", "birthplace": ""}, {"birth_country": "99126", "birth_place": ""}),
    "Corsica": ({"birthplace": "2B033"}, {"birth_place": "2B033"}),
    "another e-mail": ({"email": "nobody@example.org"}, {}),
    "no e-mail, no usage name": ({"email": "", "preferred_username": ""}, {}),
}
DIFFERENT = {
    "one letter of the name": ({"family_name": "KELLEN"}, {}, "family_name"),
    "the usage name": ({"family_name": "D'ORSAY"}, {}, "family_name"),
    "both names": ({"family_name": "KELLER D'ORSAY"}, {}, "family_name"),
    "the first given name alone": ({"given_name": "Éloïse"}, {}, "given_name"),
    "given names the other way round": ({"given_name": "Marie-Odile Éloïse"}, {}, "given_name"),
    "one given name more": ({"given_name": "Éloïse Marie-Odile Anne"}, {}, "given_name"),
    "another day": ({"birthdate": "1972-03-15"}, {}, "birthdate"),
    "a day that nobody presumed": ({"birthdate": "1972-03-02"}, {"birth_date": "1972-03-00"}, "birthdate"),
    "a month that nobody presumed": ({"birthdate": "1972-02-01"}, {"birth_date": "1972-00-00"}, "birthdate"),
    "another gender": ({"gender": "male"}, {}, "gender"),
    "a gender that nobody knows": ({"gender": "unspecified"}, {}, "gender"),
    "another place in France": ({"birthplace": "67001"}, {}, "birthplace"),
    "another country": ({"birthcountry": "99126", "birthplace": ""}, {}, "birthcountry"),
    "a registry without names": ({}, {"birth_name": "", "given_names": "Éloïse Marie-Odile"}, "family_name"),
}


@pytest.mark.parametrize(("claims", "dossier"), SAME.values(), ids=SAME)
def test_the_same_person(claims, dossier):
    """FS 14, FS 15."""
    assert matching.compare(identity(**claims), member(**dossier)).match is Match.MATCHED


@pytest.mark.parametrize(("claims", "dossier", "field"), DIFFERENT.values(), ids=DIFFERENT)
def test_somebody_else(claims, dossier, field):
    """FS 12: one item is enough; its name is told, never its value."""
    found = matching.compare(identity(**claims), member(**dossier))
    assert found.match is Match.DIFFERS
    assert field in found.differing


def test_the_dead_are_told_apart_in_the_journal_alone():
    """I11: whatever else agrees."""
    dead = member()
    dead.deceased = True
    assert matching.compare(identity(), dead).match is Match.DECEASED


def test_nobody_is_like_the_one_that_strangers_are_compared_with():
    """R12: compared, and never matched."""
    assert matching.compare(identity(), matching.nobody()).match is Match.DIFFERS


NAMES = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12)


@given(
    NAMES, NAMES, st.sampled_from(["family_name", "given_name", "birthdate", "gender", "birthplace", "birthcountry"])
)
def test_each_item_counts(family, given_name, spoilt):
    """FS 12: the same written otherwise is the same; anything else in any one item is somebody else."""
    claims = identity(family_name=family.upper(), given_name=f"{given_name}-{given_name}")
    known = member(birth_name=family.upper(), given_names=f"{given_name} {given_name}")
    if matching.joined(family) and matching.joined(given_name):
        assert matching.differences(claims, known) == ()
    other = {"birthdate": "1972-03-13", "gender": "male", "birthplace": "67001", "birthcountry": "99126"}
    wrong = other.get(spoilt, f"{getattr(claims, spoilt)}X")
    assert spoilt in matching.differences(dataclasses.replace(claims, **{spoilt: wrong}), known)


@given(st.builds(lambda **claims: identity(**claims), **{name: st.text(max_size=20) for name in CLAIMS}))
def test_nothing_that_may_be_told_breaks_the_comparison(told):
    """FS 14: an answer, whatever comes."""
    assert matching.compare(told, member()).match in (Match.MATCHED, Match.DIFFERS)
