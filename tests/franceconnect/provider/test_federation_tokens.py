"""What FranceConnect gets for its code: tokens in its form, true to the second, once (R15).

FI 7 to FI 13, FI 21 to FI 23.
"""

import time
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from joserfc.jwk import ECKey, Key, RSAKey
from time_machine import Traveller

from accounts.models import Account
from franceconnect import keys
from franceconnect.models import Client
from tests.members import LAMY
from tests.oidc.clients import FC_CALLBACK, franceconnect
from tests.oidc.relying_party import RelyingParty
from tests.oidc.tokens import header_of
from tests.oidc.visitor import Visitor, arrive, whole_flow

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_code_is_bound_short_and_spent_once(fc: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """FI 7, R15: 30 seconds, this client, this redirect URI."""
    other = franceconnect(client_id="franceconnect-bis")

    def fresh_code() -> str:
        sent = fc.request()
        return fc.code(sent, arrive(visitor.bring(sent)))

    def refused(party: RelyingParty, code: str, **parameters: str | None) -> str:
        answer = party.ask_for_tokens(code, **parameters)
        assert answer.status == 400, answer
        return answer.json()["error"]

    code = fresh_code()
    assert refused(other, code) == "invalid_grant"
    assert refused(fc, code, redirect_uri=f"{FC_CALLBACK}/") in ("invalid_grant", "invalid_request")
    assert refused(fc, code, redirect_uri=None) in ("invalid_grant", "invalid_request")
    assert refused(fc, "x" * 43) == "invalid_grant"
    held_clock.shift(timedelta(seconds=29))
    assert fc.ask_for_tokens(code).status == 200
    assert refused(fc, code) == "invalid_grant"
    late = fresh_code()
    held_clock.shift(timedelta(seconds=30))
    assert refused(fc, late) == "invalid_grant"


def test_a_code_that_comes_twice_takes_back_what_it_gave(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 7."""
    sent = fc.request()
    code = fc.code(sent, arrive(visitor.bring(sent)))
    tokens = fc.redeem(code, sent)
    assert fc.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
    assert fc.ask_who(tokens.access_token).status == 401


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "x" * 43}, {"client_id": "nobody"}, {"auth_method": "none"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_who_cannot_prove_to_be_franceconnect_gets_nothing(
    fc: RelyingParty, visitor: Visitor, wrong: dict[str, str]
) -> None:
    """FI 7: and does not spoil the code."""
    sent = fc.request()
    code = fc.code(sent, arrive(visitor.bring(sent)))
    answer = fc.but(**wrong).ask_for_tokens(code, sent)
    assert answer.status == 401, answer
    assert answer.json()["error"] == "invalid_client"
    assert fc.redeem(code, sent)


def test_the_token_response(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 8."""
    sent = fc.request()
    answer = fc.ask_for_tokens(fc.code(sent, arrive(visitor.bring(sent))), sent)
    assert answer.media_type == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["token_type"] == "Bearer"
    assert told["expires_in"] == 60
    assert told["access_token"].isascii()
    assert set(told) - {"scope"} == {"access_token", "token_type", "expires_in", "id_token"}


def test_the_id_token_says_who_for_whom_when_and_how(fc: RelyingParty, visitor: Visitor, held_clock: Traveller) -> None:
    """FI 9, FI 10, R15, R20: to the second, 60 of them, and nothing of the member's identity."""
    sent = fc.request()
    visitor.bring(sent).sign_in()
    signed_in = int(time.time())
    held_clock.shift(timedelta(seconds=7, milliseconds=900))
    tokens = fc.redeem(fc.code(sent, visitor.left_for), sent)
    now = int(time.time())
    claims = dict(tokens.claims)
    assert set(claims) - {"at_hash", "amr", "jti"} == {"iss", "sub", "aud", "exp", "iat", "nonce", "acr", "auth_time"}
    assert claims["aud"] == fc.client_id
    assert claims["iat"] == now
    assert claims["exp"] == now + 60
    assert claims["auth_time"] == signed_in == now - 7
    assert claims["acr"] == "eidas1"
    assert set(header_of(tokens.id_token)) >= {"alg", "kid"}


@pytest.mark.parametrize("asked", ["eidas1", "eidas1 eidas2", "eidas2 eidas1", None])
def test_the_level_is_always_eidas1(fc: RelyingParty, visitor: Visitor, asked: str | None) -> None:
    """FI 10: never higher than what FranceConnect registered for us (A6, Y100018)."""
    assert whole_flow(fc, visitor, acr_values=asked).claims["acr"] == "eidas1"


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_each_client_has_its_algorithm(account: Account, visitor: Visitor, alg: str) -> None:
    """FI 11: ES256 by default, RS256 where a client wants it, for both tokens."""
    chosen = {} if alg == "ES256" else {"algorithm": alg}
    fc = franceconnect(**chosen)
    tokens = whole_flow(fc, visitor)
    assert header_of(tokens.id_token)["alg"] == alg
    assert header_of(fc.ask_who(tokens.access_token).body.decode())["alg"] == alg


def test_a_key_is_published_before_it_signs_and_after(
    fc: RelyingParty, visitor: Visitor, held_clock: Traveller
) -> None:
    """FI 11: whoever caches the keys for as long as we say never meets an unknown one."""
    first = whole_flow(fc, visitor)
    kept = fc.jwks()
    new = keys.rotate("ES256", now=timezone.now())
    # The old one still signs: a cache made just before the rotation knows it.
    assert header_of(whole_flow(fc, visitor).id_token)["kid"] == header_of(first.id_token)["kid"]
    assert new.kid in {key["kid"] for key in fc.jwks()["keys"]}
    assert {key["kid"] for key in kept["keys"]} <= {key["kid"] for key in fc.jwks()["keys"]}
    held_clock.move_to(new.activates_at + timedelta(minutes=2))
    assert header_of(whole_flow(fc, visitor).id_token)["kid"] == new.kid
    assert header_of(first.id_token)["kid"] in {key["kid"] for key in fc.jwks()["keys"]}


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_userinfo_has_the_form_that_was_agreed(account: Account, visitor: Visitor, form: str) -> None:
    """FI 12."""
    fc = franceconnect(userinfo_format=form)
    tokens = whole_flow(fc, visitor)
    answer = fc.ask_who(tokens.access_token)
    assert answer.media_type == {"json": "application/json", "jwt": "application/jwt"}[form]
    assert answer.headers["cache-control"] == "no-store"
    assert fc.believe_identity(answer, tokens)["family_name"] == "LAMY"


ENCRYPTION_KEYS: dict[str, Key] = {
    "RSA-OAEP-256": RSAKey.generate_key(2048, {"kid": "e1", "use": "enc", "alg": "RSA-OAEP-256"}),
    "ECDH-ES": ECKey.generate_key("P-256", {"kid": "e2", "use": "enc", "alg": "ECDH-ES"}),
}


@pytest.mark.parametrize("alg", ENCRYPTION_KEYS)
def test_tokens_can_be_encrypted(account: Account, visitor: Visitor, alg: str) -> None:
    """FI 13: signed, then encrypted for FranceConnect's key."""
    fc = franceconnect(encryption_alg=alg, key=ENCRYPTION_KEYS[alg])
    tokens = whole_flow(fc, visitor)
    assert tokens.response["id_token"].count(".") == 4
    assert fc.identity(tokens)["family_name"] == "LAMY"


def test_sub_is_opaque_stable_and_the_same_everywhere(fc: RelyingParty, visitor: Visitor, account: Account) -> None:
    """FI 21: not the NIR, nor anything that changes with the person's data."""
    tokens = whole_flow(fc, visitor)
    sub = tokens.claims["sub"]
    assert sub.isascii()
    assert 0 < len(sub) <= 255
    assert LAMY not in sub
    assert fc.identity(tokens)["sub"] == sub
    account.member.dossier = {**account.member.dossier, "birth_name": "AUTRE"}
    account.member.save()
    account.email = "autre@example.org"
    account.save()
    assert whole_flow(fc, Visitor("192.0.2.77")).claims["sub"] == sub
    other_sector = franceconnect(client_id="another", sector="another.example")
    assert whole_flow(other_sector, visitor).claims["sub"] != sub
    same_sector = franceconnect(client_id="third", sector=Client.objects.get(client_id=fc.client_id).subject_sector)
    assert whole_flow(same_sector, visitor).claims["sub"] == sub


def test_the_access_token_serves_once_within_a_minute(
    fc: RelyingParty, visitor: Visitor, held_clock: Traveller
) -> None:
    """FI 22, R15."""
    once = whole_flow(fc, visitor)
    assert fc.ask_who(once.access_token).status == 200
    is_over(fc, once.access_token)
    late = whole_flow(fc, visitor)
    held_clock.shift(timedelta(seconds=60))
    is_over(fc, late.access_token)
    is_over(fc, "x" * 43)
    nothing = fc.back.get(fc.metadata()["userinfo_endpoint"])
    assert nothing.status == 401
    assert nothing.headers["www-authenticate"].startswith("Bearer")


def is_over(fc: RelyingParty, token: str) -> None:
    """RFC 6750, 3."""
    answer = fc.ask_who(token)
    assert answer.status == 401, answer
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_the_access_token_opens_nothing_else(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 22."""
    token = whole_flow(fc, visitor).access_token
    for path in ("/mon-espace/", "/mon-compte/"):
        answer = Browser().get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion/")
    assert fc.ask_who(token).status == 200


def test_one_sign_in_is_quick_though_everything_is_fetched_at_each_step(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 23: discovery and keys at each of four steps, far within the six seconds that each has."""
    whole_flow(fc, visitor)
    began = time.perf_counter()
    fc.identity(whole_flow(fc, visitor))
    assert time.perf_counter() - began < 6
