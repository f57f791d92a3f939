"""Who it is, by the scopes that were asked, as a signed JWT (facts A7, B3; FS 9, FS 10, FS 15)."""

import pytest
import requests

from franceconnect.simulator.citizens import citizens
from tests.franceconnect.simulator.asking import CLIENT_ID, claims_of, said
from tests.oidc.tokens import Unacceptable, verified
from tests.simulator import CLIENT_SECRET

PROTOCOL = {"sub", "aud", "exp", "iat", "iss"}
PIVOT = {"given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry"}


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", set()),
        ("openid identite_pivot", PIVOT),
        ("openid profile", PIVOT - {"birthplace", "birthcountry"}),
        ("openid birth", {"birthplace", "birthcountry"}),
        ("openid profile birth email", PIVOT | {"email"}),
        ("openid given_name", {"given_name", "given_name_array"}),
        ("openid birthdate gender", {"birthdate", "gender"}),
        ("openid email dgfip_rfr", {"email"}),
    ],
)
def test_scopes_open_claims(service, scope, claims):
    identity = service.identity(service.tokens(scope=scope))
    assert set(identity) == PROTOCOL | claims
    assert (identity["aud"], identity["exp"] - identity["iat"]) == (CLIENT_ID, 60)


def test_the_identity_is_that_of_the_register_of_persons(service):
    identity = service.identity(service.tokens())
    assert (identity["family_name"], identity["given_name"]) == ("ORSINI", "Ghjulia Marie")
    assert identity["given_name_array"] == ["Ghjulia", "Marie"]
    assert (identity["birthplace"], identity["birthcountry"]) == ("2B033", "99100")


def test_born_abroad_the_place_is_an_empty_string(service, simulator):
    """FS 15: empty, and there."""
    abroad = citizen_born_abroad()
    identity = service.identity(service.tokens(citizen=abroad))
    assert identity["birthplace"] == ""
    assert identity["birthcountry"].startswith("99")
    assert identity["birthcountry"] != "99100"


def citizen_born_abroad():
    return next(one.slug for one in citizens() if one.birthcountry != "99100" and not one.fate and one.email)


def test_the_sub_has_66_characters_and_is_the_same_from_every_provider(service, simulator):
    """A7, FS 10."""
    simulator.turn(sso=False)
    first = service.id_token(service.tokens())["sub"]
    again = said(simulator.walk(service.url(), provider="la-poste"))["code"]
    second = claims_of(service.exchange(again).json()["id_token"])["sub"]
    assert first == second
    assert (len(first), first[-2:]) == (66, "v1")


def test_a_token_is_asked_for_and_lives_for_sixty_seconds(service, simulator):
    assert service.ask_who("f" * 64).status_code == 401
    nobody = requests.get(f"{simulator.issuer}/userinfo", timeout=10)
    assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_token")
    assert nobody.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    simulator.turn(clock_held=1_800_000_000)
    had = service.tokens()
    simulator.turn(clock_skew=59)
    assert service.ask_who(had["access_token"]).status_code == 200
    simulator.turn(clock_skew=60)
    assert service.ask_who(had["access_token"]).status_code == 401


def test_a_revoked_token_opens_nothing(service, simulator):
    """RFC 7009."""
    had = service.tokens()
    there = f"{simulator.issuer}/token/revocation"
    form = {"token": had["access_token"], "client_id": CLIENT_ID}
    assert requests.post(there, {**form, "client_secret": "not it"}, timeout=10).status_code == 401
    assert service.ask_who(had["access_token"]).status_code == 200
    assert requests.post(there, {**form, "client_secret": CLIENT_SECRET}, timeout=10).status_code == 200
    assert service.ask_who(had["access_token"]).status_code == 401


def test_plain_json_which_franceconnect_never_sends(service, simulator):
    simulator.turn(userinfo_format="json")
    answer = service.ask_who(service.tokens()["access_token"])
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["family_name"] == "ORSINI"


def test_a_letter_is_changed_after_the_signature(service, simulator):
    """FS 9, FS 24."""
    simulator.turn(spoil="tampered_userinfo")
    token = service.ask_who(service.tokens()["access_token"]).text
    assert claims_of(token)["family_name"] != "ORSINI"
    with pytest.raises(Unacceptable, match="signature"):
        verified(token, alg="ES256", jwks=service.jwks())


def test_a_claim_of_userinfo_is_spoilt_under_a_good_signature(service, simulator):
    simulator.turn(spoil="other_subject")
    had = service.tokens()
    assert service.identity(had)["sub"] != claims_of(had["id_token"])["sub"]
    simulator.turn(spoil="userinfo_wrong_audience")
    assert service.identity(service.tokens())["aud"] != CLIENT_ID
    for spoil, claim in (("no_family_name", "family_name"), ("no_birthplace", "birthplace")):
        simulator.turn(spoil=spoil)
        assert claim not in service.identity(service.tokens())
