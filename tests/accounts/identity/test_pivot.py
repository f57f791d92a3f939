"""The identity on FranceConnect's wire: each rule of facts A5, what it takes and what it refuses (J15, R24)."""

import calendar
from dataclasses import FrozenInstanceError, asdict

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from accounts.identity.pivot import IdentityRefused, PivotIdentity

LOIC = {
    "given_name": "Loïc André",
    "family_name": "GARCIN",
    "birthdate": "1985-10-11",
    "gender": "male",
    "birthplace": "13201",
    "birthcountry": "99100",
    "email": "loic.garcin@example.org",
    "preferred_username": None,
}
GREECE = {"birthplace": "", "birthcountry": "99126"}


def refused(**claims: object) -> tuple[str, ...]:
    """The fields that break a rule when Loïc's identity is told with these instead."""
    try:
        PivotIdentity(**{**LOIC, **claims})  # type: ignore[arg-type]
    except IdentityRefused as broken:
        return broken.fields
    return ()


@pytest.mark.parametrize(
    "claims",
    [
        {"given_name": "Éloïse Marie-Odile", "family_name": "D'ORSAY", "preferred_username": "KELLER"},
        {"given_name": "A" * 256, "family_name": "L"},
        {"given_name": "Ælfgifu Nguyễn Œdipe"},
        {"birthdate": "1964-02-29"},
        {"birthdate": "1990-04-00"},
        {"birthdate": "1950-00-00"},
        {"gender": "female"},
        {"gender": "unspecified"},
        {"birthplace": "2A004"},
        {"birthplace": "2B033"},
        {"birthplace": "01004"},
        {"birthplace": "97411"},
        {"birthplace": "98729"},
        {"birthplace": "98611"},
        GREECE,
        {"birthplace": "", "birthcountry": "99415"},
        {"email": "l.o-i_c+msa@sub.example.org"},
        {"email": "Loic.Garcin@Example.ORG"},
        {"preferred_username": "DE LA ROCHE-SUR-YON"},
    ],
    ids=str,
)
def test_an_identity_in_franceconnect_s_forms_is_taken(claims):
    """FI 14 to FI 18."""
    assert refused(**claims) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            (field, value)
            for field in ("given_name", "family_name", "preferred_username")
            for value in ("", " ", "A" * 257, " Loïc", "Loïc ", "Loïc  André", "Loïc\tAndré", "Loïc\nAndré")
        ),
        *(("given_name", value) for value in ("Loïc\u00a0André", "Lo\x00ïc", "Lo\u200bïc", "Lo\ud800", None, 7, ["A"])),
        *(
            ("birthdate", value)
            for value in (
                *("", "1985", "1985-10", "1985-00-11", "1990-02-30", "1990-13-00", "1990-13-01", "1990-32-00"),
                *("1990-05-32", "1990-00-32", "1900-02-29", "0000-01-01", "0000-00-00", "11/10/1985", "1985/10/11"),
                *(
                    "19851011",
                    "1985-10-11 ",
                    "1985-10-11\n",
                    "1985-10-11T00:00",
                    "85-10-11",
                    "１９８５-10-11",
                    None,
                    1985,
                ),
            )
        ),
        *(("gender", value) for value in ("", "Male", "M", "1", "homme", None, 1, ["male"])),
        *(("birthcountry", value) for value in ("", "99", "991000", "FR", "France", "13201", "2A100", None, 99100)),
        *(
            ("birthplace", value)
            for value in ("", "1320", "132010", "2C004", "2a004", "13 201", "Marseille", "99100", "99126", None, 13201)
        ),
        *(
            ("email", value)
            for value in (
                *("", "loic", "loic@", "@example.org", "loic@example", "lo ic@example.org", "loic@example.org "),
                *("loic@@example.org", "loïc@example.org", "loic@château.fr", "loic@exam_ple.org", "a" * 65 + "@b.org"),
                *("loic@example.o", "loic@127.0.0.1", None, 5),
            )
        ),
    ],
)
def test_a_value_that_franceconnect_would_refuse_is_named_and_not_told(field, value):
    """FI 14 to FI 18: Y600006 is not for the member to meet."""
    if field == "preferred_username" and value is None:
        assert refused(preferred_username=None) == ()
    elif field == "birthcountry":
        # Without a country it is not known either whether a commune is due.
        assert field in refused(birthcountry=value)
    else:
        assert refused(**{field: value}) == (field,)


@pytest.mark.parametrize("place", ["13201", "99126", "Athènes", " ", None])
def test_a_birth_abroad_has_an_empty_place_and_no_other(place):
    """FI 18: what looks like a commune would be sent to the civil records."""
    assert refused(**{**GREECE, "birthplace": place}) == ("birthplace",)


def test_every_field_that_is_missing_is_named_at_once():
    """J15: in one order, whatever the identity."""
    nothing = dict.fromkeys(LOIC, "")
    assert refused(**{**nothing, "birthplace": "?"}) == tuple(LOIC)
    assert refused(**nothing) == tuple(name for name in LOIC if name != "birthplace")


def test_an_identity_says_nothing_of_the_person_and_never_changes():
    """R20: neither in a log nor in a traceback, also when it is refused."""
    identity = PivotIdentity(**LOIC)
    assert str(identity) == repr(identity) == "PivotIdentity(•••)"
    with pytest.raises(FrozenInstanceError):
        identity.family_name = "MARTIN"  # type: ignore[misc]
    with pytest.raises(IdentityRefused) as broken:
        PivotIdentity(**{**LOIC, "family_name": "GARCIN  "})
    assert "GARCIN" not in str(broken.value)
    assert broken.value.code == "identity_incomplete"


TEXT = st.text(max_size=12) | st.sampled_from(["Loïc", "Marie-Odile Éloïse", "A" * 256, "A" * 257, "", " "])
DATE = st.one_of(
    st.dates().map(str),
    st.builds("{:04d}-{:02d}-{:02d}".format, st.integers(0, 2100), st.integers(0, 14), st.integers(0, 33)),
    st.text(max_size=10),
)
COG = st.one_of(
    st.from_regex(r"[0-9]{2}[0-9]{3}", fullmatch=True),
    st.sampled_from(["2A004", "2B033", "2C001", "99100", "99126", "97411", "98729", ""]),
    st.text(max_size=6),
)
CLAIMS = {
    "given_name": TEXT,
    "family_name": TEXT,
    "birthdate": DATE,
    "gender": st.sampled_from(["female", "male", "unspecified", "", "autre"]),
    "birthplace": COG,
    "birthcountry": st.just("99100") | COG,
    "email": st.emails() | st.sampled_from(["loic@example.org", "loic@", ""]),
    "preferred_username": st.none() | TEXT,
}
# Loïc's identity with some claims of another kind: many are whole, many are not.
SOME_CLAIMS = st.fixed_dictionaries({}, optional=CLAIMS)


def calendar_has(text: str) -> bool:
    """Written without the code under test: digits by position, then the calendar."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return False
    parts = (text[:4], text[5:7], text[8:])
    if not all(character in "0123456789" for part in parts for character in part):
        return False
    year, month, day = (int(part) for part in parts)
    if year == 0 or month > 12:
        return False
    if month == 0:
        return day == 0
    return day <= calendar.monthrange(year, month)[1]


def is_cog(text: str) -> bool:
    return (
        len(text) == 5
        and (text[:2] in ("2A", "2B") or all(c in "0123456789" for c in text[:2]))
        and all(c in "0123456789" for c in text[2:])
    )


def is_name(text: str) -> bool:
    return 0 < len(text) < 257 and all(text.split(" ")) and not any(ord(c) < 32 or ord(c) == 127 for c in text)


def contradicts_facts_a5(one: PivotIdentity) -> list[str]:
    told = asdict(one)
    faults = [name for name in ("given_name", "family_name") if not is_name(told[name])]
    faults += ["preferred_username"] * (one.preferred_username is not None and not is_name(one.preferred_username))
    faults += ["birthdate"] * (not calendar_has(one.birthdate))
    faults += ["gender"] * (one.gender not in ("female", "male", "unspecified"))
    faults += ["birthcountry"] * (not (is_cog(one.birthcountry) and one.birthcountry.startswith("99")))
    born_here = one.birthcountry == "99100"
    faults += ["birthplace"] * (not is_cog(one.birthplace) if born_here else bool(one.birthplace))
    local, at, domain = one.email.rpartition("@")
    faults += ["email"] * (not (local and at and "." in domain and len(one.email) < 255 and " " not in one.email))
    return faults


@given(SOME_CLAIMS)
@example({})
@example({**GREECE, "birthdate": "1950-00-00", "preferred_username": "DE LA ROCHE"})
def test_whatever_is_taken_keeps_every_rule(claims):
    """J15, by an independent reading of facts A5."""
    broken = refused(**claims)
    assert set(broken) <= set(LOIC)
    if not broken:
        assert contradicts_facts_a5(PivotIdentity(**{**LOIC, **claims})) == []


@given(st.sampled_from(sorted(LOIC)), st.data())
def test_one_broken_field_is_blamed_alone(field, data):
    """The others are Loïc's: what is named is what was changed."""
    value = data.draw(CLAIMS[field])
    assume(not (field == "birthcountry" and value != "99100"))
    assert set(refused(**{field: value})) <= {field}


@given(
    st.dates().map(str)
    | st.dates().map(lambda day: f"{day.isoformat()[:7]}-00")
    | st.integers(1, 9999).map("{:04d}-00-00".format)
)
def test_every_day_month_and_year_of_the_calendar_is_taken(text):
    """FI 17."""
    assert refused(birthdate=text) == ()
