"""Who FranceConnect says is there, from its claims (FS 10, FS 15, facts B3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from franceconnect.client.identity import FederationIdentity, IdentityIncomplete

ISSUER = "https://franceconnect.example/api/v2"
WHOLE = {
    "sub": "b" * 64 + "v1",
    "given_name": "Angela Claire Louise",
    "family_name": "DUBOIS",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
    "email": "angela@example.fr",
    "preferred_username": "MARTIN",
}


def of(**changed) -> FederationIdentity:
    """Those claims, with changes; None takes one out."""
    claims = {name: value for name, value in {**WHOLE, **changed}.items() if value is not None}
    return FederationIdentity.from_claims(claims, issuer=ISSUER)


def test_all_of_it():
    """FS 10: issuer and sub together."""
    whole = of()
    assert (whole.issuer, whole.subject) == (ISSUER, WHOLE["sub"])
    assert (whole.given_name, whole.family_name) == ("Angela Claire Louise", "DUBOIS")
    assert (whole.birthdate, whole.gender) == ("1962-08-24", "female")
    assert (whole.birthplace, whole.birthcountry) == ("75107", "99100")
    assert (whole.email, whole.preferred_username) == ("angela@example.fr", "MARTIN")


def test_its_repr_tells_nobody():
    """FS 23."""
    assert repr(of()) == str(of()) == "FederationIdentity(•••)"


@pytest.mark.parametrize(
    "name", ["sub", "given_name", "family_name", "birthdate", "gender", "birthcountry", "birthplace"]
)
@pytest.mark.parametrize("value", [None, "", 7, [], {}, True])
def test_the_pivot_is_whole_or_nothing(name, value):
    """FS 15: a claim that is missing, empty or of another kind; its name is told, nobody's value."""
    with pytest.raises(IdentityIncomplete) as incomplete:
        of(**{name: value})
    assert incomplete.value.fields == (name,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birthdate", "1962-08-00"), ("birthdate", "1962-02-30"), ("birthdate", "19620824"),
        ("birthdate", "24/08/1962"),        ("birthdate", "1962-W34-5"), ("birthdate", "1962-08-24T00:00"),
        ("gender", "F"), ("gender", "Female"),
        ("birthcountry", "FR"), ("birthcountry", "75107"), ("birthcountry", "99100x"),
        ("birthplace", "Paris"), ("birthplace", "99100"), ("birthplace", "751070"),
        ("given_name", "x" * 257), ("family_name", "DU\u0000BOIS"), ("family_name", "DU\u200bBOIS"),
        ("sub", "x" * 256), ("sub", "é"), ("sub", "a\nb"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_missing(name, value):
    """FS 10, FS 15."""
    with pytest.raises(IdentityIncomplete) as incomplete:
        of(**{name: value})
    assert incomplete.value.fields == (name,)


@pytest.mark.parametrize("birthplace", [None, "", "75107", "ALGER", 7])
def test_born_abroad_there_is_no_place(birthplace):
    """FS 15, B3: "" or missing; whatever else stands there is no place of ours."""
    assert of(birthcountry="99352", birthplace=birthplace).birthplace == ""


@pytest.mark.parametrize("name", ["email", "preferred_username"])
@pytest.mark.parametrize("value", [None, "", 7, "\u0000", "x" * 300, ["a@example.fr"]])
def test_what_is_offered_may_be_missing_or_strange(name, value):
    """FS 15: optional; it never keeps anybody out."""
    assert getattr(of(**{name: value}), name) == ""


@pytest.mark.parametrize("place", ["2A004", "2B033", "97105", "98729"])
def test_corsica_and_overseas_are_in_france(place):
    assert of(birthplace=place).birthplace == place


def test_spaces_are_one():
    assert of(given_name="  Angela   Claire ").given_name == "Angela Claire"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=2)
)


@given(st.dictionaries(st.sampled_from([*WHOLE, "iss"]), ANYTHING))
def test_whatever_is_claimed_is_an_identity_or_incomplete(claims):
    """FS 15: never anything else."""
    try:
        made = FederationIdentity.from_claims({**WHOLE, **claims}, issuer=ISSUER)
    except IdentityIncomplete as incomplete:
        missing = incomplete.fields
    else:
        missing = ()
        assert all(isinstance(getattr(made, name), str) for name in WHOLE if name != "sub")
    assert set(missing) <= set(claims)
