"""The register of persons and the check before it, as pure tables (facts A5, A7)."""

import pytest

from franceconnect.simulator import citizens, identity_check, rnipp

SOMEBODY = {
    "given_name": "Anne Louise",
    "family_name": "d'Aubigné-Petit",
    "birthdate": "1990-02-28",
    "gender": "female",
    "birthplace": "35238",
    "birthcountry": "99100",
    "email": "anne@example.org",
}


def test_the_register_gives_six_items_with_the_name_in_capitals():
    known = rnipp.ask(SOMEBODY).claims
    assert known == {name: SOMEBODY[name] for name in citizens.PIVOT} | {"family_name": "D'AUBIGNÉ-PETIT"}


@pytest.mark.parametrize(
    ("sent", "completed"),
    [("1990-02-28", "1990-02-28"), ("1992-11-00", "1992-11-01"), ("1950-00-00", "1950-01-01")],
)
def test_a_presumed_date_is_completed_with_01(sent, completed):
    """R24, FS 14."""
    assert rnipp.ask(SOMEBODY | {"birthdate": sent}).birthdate == completed


def test_first_names_are_those_of_the_register():
    """Found, rectified: the same person whatever the provider knows of her."""
    whole, short = citizens.find("keller"), citizens.find("keller-abregee")
    assert whole
    assert short
    assert short.given_name != whole.given_name
    assert rnipp.ask(short.claims) == rnipp.ask(whole.claims)


def test_born_abroad_has_no_birthplace_even_when_a_provider_sends_one():
    """FS 15."""
    assert rnipp.ask(SOMEBODY | {"birthcountry": "99126", "birthplace": "Athènes"}).birthplace == ""


@pytest.mark.parametrize(
    ("token", "code", "status", "error"),
    [
        ("E010004", "Y010004", 403, "access_denied"),
        ("E010006", "Y010006", 403, "access_denied"),
        ("E010007", "Y010007", 403, "access_denied"),
        ("E010008", "Y010008", 403, "access_denied"),
        ("E010009", "Y010009", 403, "access_denied"),
        ("E010011", "Y010011", 504, "temporarily_unavailable"),
        ("E010012", "Y010012", 504, "temporarily_unavailable"),
        ("E010013", "Y010013", 400, "server_error"),
        ("E010015", "Y010015", 403, "access_denied"),
    ],
)
def test_the_last_token_of_the_given_names_chooses_the_failure(token, code, status, error):
    with pytest.raises(rnipp.RnippRefused) as refused:
        rnipp.ask(SOMEBODY | {"given_name": f"Jean Paul_{token}"})
    assert (refused.value.code, refused.value.failure) == (code, rnipp.Failure(status, error))


@pytest.mark.parametrize("given_name", ["Jean_E010099", "Jean_E010004 Paul", "E010004", "Jean_"])
def test_any_other_given_name_is_found(given_name):
    assert rnipp.ask(SOMEBODY | {"given_name": given_name}).given_name == given_name


@pytest.mark.parametrize(("slug", "code"), [("martin", "Y010006"), ("keller-usage", "Y010007"), ("moreau", "Y010015")])
def test_a_fate_belongs_to_a_civil_status_whoever_vouches_for_it(slug, code):
    """R2: MSA's own deceased member is refused through MSA as well."""
    citizen = citizens.find(slug)
    assert citizen
    with pytest.raises(rnipp.RnippRefused) as refused:
        rnipp.ask(citizen.claims | {"email": "another@example.org"})
    assert refused.value.code == code


def test_an_identity_says_nothing_of_its_person():
    assert "Anne" not in repr(rnipp.ask(SOMEBODY))


def test_a_whole_identity_passes():
    assert identity_check.broken(SOMEBODY) == ()
    assert identity_check.broken(SOMEBODY | {"preferred_username": None, "anything": {"else": 1}}) == ()


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("given_name", ""), ("given_name", "x" * 257), ("given_name", None), ("given_name", ["Anne"]),
        ("family_name", ""), ("family_name", 3),
        ("birthdate", "1990"), ("birthdate", "1990-02"), ("birthdate", "1990-00-03"), ("birthdate", "1990-02-30"),
        ("birthdate", "1990-13-00"), ("birthdate", "28/02/1990"), ("birthdate", ""), ("birthdate", 1990),
        ("birthdate", "1990-02-28\n"), ("birthdate", "0000-01-01"),
        ("gender", ""), ("gender", "F"), ("gender", ["female"]),
        ("birthcountry", ""), ("birthcountry", 99100), ("birthcountry", "FR"),
        ("birthplace", ""), ("birthplace", "1004"), ("birthplace", 35238), ("birthplace", "2C004"),
        ("birthplace", "Rennes"),
        ("email", ""), ("email", "anne"), ("email", "anne@"), ("email", "anne@host"),
        ("email", "a b@example.org"), ("email", None),
        ("preferred_username", 7),
    ],
)  # fmt: skip
def test_each_broken_claim_is_named(claim, value):
    """A5, Y600006."""
    assert identity_check.broken(SOMEBODY | {claim: value}) == (claim,)


@pytest.mark.parametrize("claim", [*citizens.PIVOT, "email"])
def test_each_missing_claim_is_named(claim):
    assert identity_check.broken({name: value for name, value in SOMEBODY.items() if name != claim}) >= (claim,)


@pytest.mark.parametrize("place", ["2A004", "2B033", "97411", "98611", "01004"])
def test_corsica_and_overseas_are_france(place):
    assert identity_check.broken(SOMEBODY | {"birthplace": place}) == ()


@pytest.mark.parametrize("date", ["1992-11-00", "1950-00-00", "2000-02-29"])
def test_a_date_may_be_presumed(date):
    assert identity_check.broken(SOMEBODY | {"birthdate": date}) == ()
