"""A code against two tokens (facts B3, B5; FS 7, FS 8)."""

import pytest
import requests
from joserfc import jws
from joserfc.jwk import OctKey, import_key

from tests.franceconnect.simulator.asking import CLIENT_ID, claims_of
from tests.oidc.tokens import Unacceptable, header_of, verified
from tests.simulator import CLIENT_SECRET


def test_an_answer_has_five_members_and_an_id_token_eight_claims(service):
    had = service.tokens()
    assert set(had) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert (had["expires_in"], had["token_type"]) == (60, "Bearer")
    assert had["scope"] == service.sent["scope"]
    claims = service.id_token(had)
    assert set(claims) == {"sub", "acr", "nonce", "aud", "exp", "iat", "iss", "auth_time"}
    assert (claims["acr"], claims["exp"] - claims["iat"]) == ("eidas1", 60)
    assert header_of(had["id_token"]) == {"alg": "ES256", "kid": "pkcs11:ES256:hsm"}


def test_the_other_algorithm(service, simulator):
    simulator.turn(signing_alg="RS256")
    had = service.tokens()
    assert service.id_token(had, alg="RS256")["sub"] == service.identity(had, alg="RS256")["sub"]


@pytest.mark.parametrize(
    ("but", "status", "error", "code"),
    [
        ({"client_secret": "not it"}, 401, "invalid_client", "Y0434A7B"),
        ({"client_secret": None}, 401, "invalid_client", "Y0434A7B"),
        ({"client_id": "nobody"}, 401, "invalid_client", "Y0434A7B"),
        ({"redirect_uri": None}, 400, "invalid_request", "Y030007"),
        ({"redirect_uri": "https://elsewhere.example/"}, 400, "invalid_grant", "Y049E20B"),
        ({"code": "f" * 64}, 400, "invalid_grant", "Y049E20B"),
        ({"code": None}, 400, "invalid_request", "Y030007"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type", ""),
    ],
    ids=lambda each: " ".join(f"{name}={value}"[:30] for name, value in each.items()) if isinstance(each, dict) else "",
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words_that_can_be_looked_up(service, but, status, error, code):
    answer = service.exchange(**{"code": service.code(), **but})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    uri = answer.json()["error_uri"]
    assert uri.startswith("https://docs.partenaires.franceconnect.gouv.fr/")
    assert f"code={code}&id=" in uri if code else "?id=" in uri


def test_a_secret_in_a_header_is_no_secret(service, simulator):
    """FS 7: client_secret_post."""
    form = {"grant_type": "authorization_code", "code": service.code(), "redirect_uri": service.sent["redirect_uri"]}
    answer = requests.post(f"{simulator.issuer}/token", form, auth=(CLIENT_ID, "whatever"), timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_wrong_try_does_not_spend_the_code(service):
    code = service.code()
    assert service.exchange(code, client_secret="not it").status_code == 401
    assert service.exchange(code).status_code == 200


def test_a_code_serves_once_and_its_second_use_takes_the_tokens_back(service):
    code = service.code()
    had = service.exchange(code).json()
    assert service.ask_who(had["access_token"]).status_code == 200
    again = service.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert service.ask_who(had["access_token"]).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(29, 200), (30, 400)])
def test_a_code_lives_for_thirty_seconds(service, simulator, seconds, status):
    simulator.turn(clock_held=1_800_000_000)
    code = service.code()
    simulator.turn(clock_skew=seconds)
    assert service.exchange(code).status_code == status


SPOILT_ID_TOKENS = {
    "wrong_nonce": "nonce",
    "wrong_audience": "aud",
    "wrong_issuer": "iss",
    "low_acr": "acr",
}


@pytest.mark.parametrize(("spoil", "claim"), SPOILT_ID_TOKENS.items())
def test_a_claim_is_spoilt_under_a_good_signature(service, simulator, spoil, claim):
    """FS 8, FS 24."""
    honest = claims_of(service.tokens()["id_token"])
    nonce = service.sent["nonce"]
    simulator.turn(spoil=spoil)
    had = service.tokens(nonce=nonce)
    assert jws.deserialize_compact(had["id_token"], key_of(service, had), algorithms=["ES256"])
    spoilt = claims_of(had["id_token"])
    times = {"exp", "iat", "auth_time"}
    assert {name for name in spoilt if spoilt[name] != honest[name]} - times == {claim}


def key_of(service, had):
    from_kid = {key["kid"]: key for key in service.jwks()["keys"]}
    return import_key(from_kid[header_of(had["id_token"])["kid"]])


def test_an_id_token_without_level_and_one_that_is_over(service, simulator):
    simulator.turn(spoil="no_acr")
    assert "acr" not in claims_of(service.tokens()["id_token"])
    simulator.turn(spoil="expired", clock_held=1_800_000_000)
    assert claims_of(service.tokens()["id_token"])["exp"] < 1_800_000_000


def test_a_signature_by_a_key_that_nobody_publishes(service, simulator):
    """The header names the honest key."""
    simulator.turn(spoil="wrong_key")
    had = service.tokens()
    assert header_of(had["id_token"]) == {"alg": "ES256", "kid": "pkcs11:ES256:hsm"}
    with pytest.raises(Unacceptable, match="signature"):
        verified(had["id_token"], alg="ES256", jwks=service.jwks())


def test_a_new_key_is_published_beside_the_former_one(service, simulator):
    before = service.jwks()
    simulator.turn(spoil="new_key")
    had = service.tokens()
    with pytest.raises(Unacceptable, match="0 published keys"):
        verified(had["id_token"], alg="ES256", jwks=before)
    assert service.id_token(had)["acr"] == "eidas1"


def test_signed_with_another_algorithm_or_not_at_all(service, simulator):
    heads = {}
    for spoil in ("alg_none", "alg_hs256", "other_alg"):
        simulator.turn(spoil=spoil)
        had = service.tokens()
        heads[spoil] = header_of(had["id_token"])["alg"]
        assert claims_of(had["id_token"])["nonce"] == service.sent["nonce"]
        with pytest.raises(Unacceptable):
            verified(had["id_token"], alg="ES256", jwks=service.jwks())
    assert heads == {"alg_none": "none", "alg_hs256": "HS256", "other_alg": "RS256"}
    assert jws.deserialize_compact(had["id_token"], key_of(service, had), algorithms=["RS256"])


def test_the_secret_signs_what_says_hs256(service, simulator):
    simulator.turn(spoil="alg_hs256")
    had = service.tokens()
    assert jws.deserialize_compact(had["id_token"], OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])
