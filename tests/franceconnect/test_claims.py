"""What a relying party is told of a member (facts A5, B3; FI 14 to 21; Core, 5.1 to 5.5; I07 to I09, J15)."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.pivot import IdentityRefused, PivotIdentity
from accounts.models import Account
from franceconnect import claims, subject
from franceconnect.claim_words import LABELS, Shown
from franceconnect.models import Client
from msa_portal.demo.personas import personas
from tests.members import a_member, an_account
from tests.personas import persona

pytestmark = pytest.mark.django_db
FRANCECONNECT = Client(kind=Client.Kind.FEDERATION, redirect_uris="https://fc.example/api/v2/oidc-callback")
SERVICE = Client(redirect_uris="https://service.example/retour")
# As FranceConnect writes them, low and high (facts A2).
LOW, HIGH = "openid profile email birth", "openid profile email preferred_username birthplace birthcountry"
SLUGS = [each.slug for each in personas(today=date(2026, 11, 20))]


def told(account: Account, client: Client, scope: str, **requested: Any) -> dict[str, Any]:
    """Without `sub`, which is always there."""
    said = claims.userinfo(account, client, scopes=frozenset(scope.split()), requested=requested)
    assert said.pop("sub") == subject.of(account, client)
    return said


def account_of(slug: str, **columns: Any) -> Account:
    known = persona(slug)
    return known.account or an_account(known.member, **{"email": known.persona.email, **columns})


GARCIN = {
    "given_name": "Loïc André",
    "family_name": "GARCIN",
    "gender": "male",
    "birthdate": "1985-10-11",
    "birthplace": "13201",
    "birthcountry": "99100",
    "email": "loic.garcin@example.org",
}
KELLER = {
    "given_name": "Éloïse Marie-Odile",
    "family_name": "KELLER",
    "preferred_username": "D'ORSAY",
    "gender": "female",
    "birthdate": "1972-03-14",
    "birthplace": "67482",
    "birthcountry": "99100",
    "email": "eloise.keller@example.org",
}


@pytest.mark.parametrize("scope", [LOW, HIGH, f"{LOW} address phone", f"identite_pivot {HIGH}"])
@pytest.mark.parametrize(("slug", "identity"), [("garcin", GARCIN), ("keller", KELLER)])
def test_franceconnect_gets_the_pivot_identity_and_nothing_more(scope: str, slug: str, identity: dict) -> None:
    """FI 14 to FI 16: the birth name is the family name; neither telephone nor address (arrêté of 15 June 2022)."""
    assert told(account_of(slug), FRANCECONNECT, scope) == identity


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("santucci", {"birthplace": "2A004", "birthcountry": "99100"}),
        ("orsini", {"birthplace": "2B033", "birthcountry": "99100"}),
        ("perrin", {"birthplace": "01004", "birthcountry": "99100"}),
        ("hoarau", {"birthplace": "97411", "birthcountry": "99100"}),
        ("papadakis", {"birthplace": "", "birthcountry": "99126"}),
    ],
)
def test_corsica_overseas_and_abroad_are_told_by_their_codes(slug: str, expected: dict[str, str]) -> None:
    """FI 18."""
    assert told(account_of(slug), FRANCECONNECT, "openid birth") == expected
    assert told(account_of(slug), SERVICE, "openid birth") == expected


def test_a_place_abroad_is_never_told_whatever_the_registry_holds() -> None:
    """FI 18."""
    account = an_account(a_member(birth_place="99126", birth_country="99126"))
    assert told(account, FRANCECONNECT, LOW)["birthplace"] == ""


@pytest.mark.parametrize("slug", SLUGS)
def test_userinfo_is_the_pivot_identity_that_eligibility_has_checked(slug: str) -> None:
    """FI 14, FI 17: strings only, in JSON as well."""
    account = account_of(slug)
    said = told(account, FRANCECONNECT, LOW)
    assert PivotIdentity(**said) == claims.pivot_identity(account)
    assert json.loads(json.dumps(said)) == said
    assert all(isinstance(value, str) for value in said.values())


def test_blanks_in_names_are_single_spaces() -> None:
    """FI 16."""
    account = an_account(a_member(given_names=" Jean-Marie \u00a0 Émile ", birth_name="DE  LA\tROCHE", usage_name="  "))
    said = told(account, FRANCECONNECT, LOW)
    assert (said["given_name"], said["family_name"]) == ("Jean-Marie Émile", "DE LA ROCHE")
    assert "preferred_username" not in said


def test_an_address_that_was_not_proven_is_told_to_nobody() -> None:
    """R8, E06, FI 19."""
    account = an_account(email_proven_at=None)
    for client in (FRANCECONNECT, SERVICE):
        assert told(account, client, "openid email") == {}
    with pytest.raises(IdentityRefused) as refused:
        claims.pivot_identity(account)
    assert refused.value.fields == ("email",)


STANDARD: dict[str, dict[str, Any]] = {
    "openid": {},
    "": {},
    "openid offline_access toutou": {},
    "profile": {
        "name": "Éloïse Marie-Odile D'ORSAY",
        **{name: KELLER[name] for name in ("given_name", "family_name", "gender", "birthdate", "preferred_username")},
    },
    "birth": {"birthplace": "67482", "birthcountry": "99100"},
    "email": {"email": KELLER["email"], "email_verified": True},
    "phone": {"phone_number": "+33639981001", "phone_number_verified": False},
    "address": {"address": {"formatted": "3 quai des Moulins\n67700 SAVERNE"}},
    "identite_pivot": {name: KELLER[name] for name in claims.PIVOT},
    **{name: {name: KELLER[name]} for name in (*claims.PIVOT, "preferred_username")},
}


@pytest.mark.parametrize("scope", STANDARD)
def test_each_scope_stands_for_its_claims(scope: str) -> None:
    """Core, 5.4, and facts A5 and B3; what is unknown is no error."""
    assert told(account_of("keller"), SERVICE, scope) == STANDARD[scope]


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        ({"given_name": {"essential": True}, "email": None}, {name: KELLER[name] for name in ("given_name", "email")}),
        ({"name": {"essential": True}}, {"name": "Éloïse Marie-Odile D'ORSAY"}),
        ({"birthdate": {"value": "1900-01-01"}, "gender": {"values": ["male"]}}, {
            "birthdate": "1972-03-14", "gender": "female",
        }),
        ({"nir": None, "sub": None, "toutou": {"essential": True}, "acr": None, "updated_at": None}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_claims_may_be_asked_for_one_by_one(requested: dict[str, Any], expected: dict[str, str]) -> None:
    """Core, 5.5: names count; values that are wished for change nothing, unknown names are ignored."""
    assert told(account_of("keller"), SERVICE, "openid", **requested) == expected


def test_the_federation_cannot_ask_for_more_by_the_claims_parameter() -> None:
    asked = dict.fromkeys(("phone_number", "address", "email_verified", "name", "given_name"))
    assert told(account_of("keller"), FRANCECONNECT, "openid", **asked) == {"given_name": KELLER["given_name"]}


def test_what_is_not_known_is_left_out() -> None:
    """Core, 5.3.2: neither null nor empty."""
    member = a_member(address="", usage_name="", birth_place="")
    account = an_account(member, mobile=None, landline=None, email=None)
    said = told(account, SERVICE, "openid profile birth email phone address")
    assert set(said) == {"name", "given_name", "family_name", "gender", "birthdate", "birthcountry"}


def test_a_landline_serves_where_there_is_no_mobile() -> None:
    account = an_account(mobile=None, landline="+33388000000")
    assert told(account, SERVICE, "phone")["phone_number"] == "+33388000000"


@pytest.mark.parametrize(
    ("born", "to_franceconnect", "to_others"),
    [("1950-00-00", "1950-00-00", "1950"), ("1950-04-00", "1950-04-00", "1950"), ("1950-04-01",) * 3],
)
def test_a_partly_known_birth_date_has_two_forms(born: str, to_franceconnect: str, to_others: str) -> None:
    """FI 17; Core, 5.1: a whole date or the year alone."""
    account = an_account(a_member(birth_date=born))
    assert told(account, FRANCECONNECT, "birthdate") == {"birthdate": to_franceconnect}
    assert told(account, SERVICE, "birthdate") == {"birthdate": to_others}


def test_the_number_is_told_to_nobody() -> None:
    """R20: whatever is asked for."""
    account = account_of("keller")
    for client in (FRANCECONNECT, SERVICE):
        said = claims.userinfo(account, client, scopes=frozenset(claims.BY_SCOPE), requested=dict.fromkeys(LABELS))
        assert "2720367582905" not in json.dumps(said)


@given(
    scopes=st.frozensets(st.sampled_from([*claims.BY_SCOPE, "openid", "autre"])),
    requested=st.dictionaries(
        st.sampled_from([*LABELS, "nir", "sub"]), st.none() | st.booleans() | st.text(max_size=3)
    ),
)
def test_nothing_is_told_that_was_not_asked_for(scopes: frozenset[str], requested: dict[str, Any]) -> None:
    """Data minimisation, whichever way of asking; and every claim that may be told has a French name (I09)."""
    allowed = {name for scope in scopes for name in claims.BY_SCOPE.get(scope, ())} | set(requested)
    for federation in (True, False):
        names = claims.asked(scopes, requested, federation=federation)
        assert names <= allowed
        assert names <= set(LABELS)
        assert not names & {"sub", "nir"}
    assert not claims.asked(scopes, requested, federation=True) & {"phone_number", "address", "email_verified"}


def test_a_consent_page_says_in_french_what_is_asked_for() -> None:
    """I07, I09: the same order whatever the request's."""
    asked = {"scopes": frozenset({"openid", "birth", "email"}), "requested": {"preferred_username": None}}
    assert claims.described(SERVICE, **asked) == (
        "Nom d'usage", "Adresse email", "Adresse email confirmée", "Lieu de naissance", "Pays de naissance",
    )  # fmt: skip
    assert claims.described(FRANCECONNECT, scopes=frozenset(LOW.split()), requested={}) == (
        "Nom d'usage", "Adresse email", "Prénoms", "Nom de naissance", "Date de naissance", "Sexe", "Lieu de naissance",
        "Pays de naissance",
    )  # fmt: skip


def test_a_service_s_answer_can_be_read_before_it_is_sent() -> None:
    """I08: the values in words, and as they travel where that differs."""
    shown = claims.shown(account_of("keller"), SERVICE, scopes=frozenset({"email", "phone", "address"}), requested={})
    assert shown == (
        Shown("email", "Adresse email", "eloise.keller@example.org"),
        Shown("email_verified", "Adresse email confirmée", "Oui"),
        Shown("phone_number", "Numéro de téléphone", "06 39 98 10 01", "+33639981001"),
        Shown("phone_number_verified", "Numéro de téléphone vérifié", "Non"),
        Shown("address", "Adresse postale", "3 quai des Moulins\n67700 SAVERNE"),
    )


def test_the_dry_run_shows_what_franceconnect_would_get() -> None:
    """J15: all of it, to the letter."""
    account = account_of("keller")
    rows = claims.dry_run(account)
    assert {row.claim: row.sent or row.words for row in rows} == told(account, FRANCECONNECT, LOW)
    assert [(row.label, row.words) for row in rows] == [
        ("Nom d'usage", "D'ORSAY"),
        ("Adresse email", "eloise.keller@example.org"),
        ("Prénoms", "Éloïse Marie-Odile"),
        ("Nom de naissance", "KELLER"),
        ("Date de naissance", "14 mars 1972"),
        ("Sexe", "Femme"),
        ("Lieu de naissance", "Commune 67482 (Bas-Rhin)"),
        ("Pays de naissance", "France"),
    ]


def test_a_birth_abroad_and_an_unknown_day_are_said_in_words() -> None:
    abroad = {row.claim: row for row in claims.dry_run(account_of("papadakis"))}
    assert abroad["birthplace"].words == "Naissance à l'étranger\u00a0: pas de commune"
    assert abroad["birthplace"].sent == "(vide)"
    assert abroad["birthcountry"] == Shown("birthcountry", "Pays de naissance", "Pays étranger, code 99126", "99126")
    unknown = {row.claim: row for row in claims.dry_run(account_of("haddad"))}
    assert unknown["birthdate"] == Shown("birthdate", "Date de naissance", "1950", "1950-00-00")
    overseas = {row.claim: row for row in claims.dry_run(account_of("hoarau"))}
    assert overseas["birthplace"].words == "Commune 97411 (La Réunion)"


@pytest.mark.parametrize("place", ["98729", "75056", "20004"])
def test_every_commune_has_words(place: str) -> None:
    """Polynesia is in no caisse's table, old Corsica neither."""
    rows = {row.claim: row for row in claims.dry_run(an_account(a_member(birth_place=place)))}
    assert rows["birthplace"].words.startswith(f"Commune {place}")
    assert rows["birthplace"].sent == place
