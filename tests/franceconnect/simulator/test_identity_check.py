"""The rules of FranceConnect and of MSA's provider were written apart: what one sends, the other takes (A5)."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.identity.pivot import IdentityRefused, PivotIdentity
from franceconnect.simulator import identity_check

GARCIN = {
    "given_name": "Loïc André", "family_name": "GARCIN", "birthdate": "1985-10-11", "gender": "male",
    "birthplace": "13201", "birthcountry": "99100", "email": "loic.garcin@example.org", "preferred_username": None,
}  # fmt: skip

digits = st.text("0123456789AB-", min_size=3, max_size=11)
dates = st.one_of(
    st.dates().map(str),
    digits,
    st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)),
)
codes = st.one_of(st.from_regex(r"(2[AB]|[0-9]{2})[0-9]{3}", fullmatch=True), digits, st.just(""))
names = st.one_of(st.text(max_size=260), st.text("Aé '-", max_size=20))
emails = st.one_of(
    st.emails(), st.text(max_size=20), st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=8))
)
identities = st.fixed_dictionaries(
    {
        "given_name": names,
        "family_name": names,
        "birthdate": dates,
        "gender": st.sampled_from(["female", "male", "unspecified", "", "M"]),
        "birthplace": codes,
        "birthcountry": st.one_of(st.just("99100"), codes),
        "email": emails,
        "preferred_username": st.one_of(st.none(), names),
    }
)


@pytest.mark.parametrize("claim", list(GARCIN))
@given(other=identities)
def test_whatever_msa_may_send_franceconnect_takes(claim: str, other: dict[str, Any]) -> None:
    """A5, FI 14 to FI 18: claim by claim, as most identities with eight wild claims are refused by both."""
    claims = GARCIN | {claim: other[claim]}
    if claim == "birthcountry":
        claims["birthplace"] = "13201" if claims["birthcountry"] == "99100" else ""
    try:
        PivotIdentity(**claims)
    except IdentityRefused:
        assume(False)
    assert identity_check.broken(claims) == ()


@pytest.mark.parametrize(
    "date",
    [
        "1990",
        "1990-02",
        "1990-00-12",
        "1990-02-30",
        "1990-13-00",
        "1900-02-29",
        "12/10/1990",
        "1990-1-1",
        "19901012",
        "",
    ],
)
def test_a_date_that_franceconnect_rejects_is_one_that_msa_never_sends(date: str) -> None:
    """A5, FI 17."""
    assert identity_check.broken(GARCIN | {"birthdate": date}) == ("birthdate",)
    with pytest.raises(IdentityRefused) as refused:
        PivotIdentity(**(GARCIN | {"birthdate": date}))
    assert refused.value.fields == ("birthdate",)


@pytest.mark.parametrize("date", ["1990-02-28", "2000-02-29", "1990-12-00", "1950-00-00"])
def test_a_presumed_date_goes_through_both(date: str) -> None:
    """A5, FI 17."""
    claims = GARCIN | {"birthdate": date}
    assert PivotIdentity(**claims).birthdate == date
    assert identity_check.broken(claims) == ()
