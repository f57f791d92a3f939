"""Codes, tokens and the keys that sign them: once, in time, for one client (R15; RFC 7636; RFC 9700).

FI 7, FI 9, FI 11, FI 22.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from joserfc.jwk import ECKey
from oauth2_provider.models import AccessToken, IDToken, RefreshToken
from time_machine import Traveller

from accounts.models import Account
from franceconnect import clients, keys
from franceconnect.models import Client, Grant
from tests.enrolment.threads import at_once
from tests.members import an_account
from tests.oidc.clients import CALLBACK, franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.tokens import Unacceptable, header_of
from tests.oidc.visitor import Visitor, new_code, whole_flow

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize("verifier", [None, "", "v" * 43, "too short", "x" * 129])
def test_a_code_without_its_verifier_is_worth_nothing(
    party: RelyingParty, visitor: Visitor, verifier: str | None
) -> None:
    """RFC 7636, 4.6."""
    sent, code = new_code(party, visitor)
    answer = party.ask_for_tokens(code, sent, code_verifier=verifier)
    assert answer.status == 400, answer
    assert answer.json()["error"] in ("invalid_grant", "invalid_request")
    assert not Grant.objects.exclude(token_digest=None).exists()


@pytest.mark.parametrize(
    "parameters",
    [
        {"code_challenge_method": "plain"}, {"code_challenge_method": None}, {"code_challenge": "x"},
        {"code_challenge": None, "code_challenge_method": None},
    ],
    ids=str,
)  # fmt: skip
def test_pkce_is_s256_and_required(party: RelyingParty, visitor: Visitor, parameters: dict[str, str | None]) -> None:
    """RFC 9700, 2.1.1."""
    sent = party.request(**parameters)
    assert party.callback(sent, visitor.bring(sent).left_for)["error"] == "invalid_request"


def test_pkce_cannot_be_taken_off_a_client_that_may_leave_it(account: Account, visitor: Visitor) -> None:
    """RFC 9700, 4.8.2: a verifier without a challenge is the mark of a downgrade."""
    party = standard(pkce_required=False)
    sent, code = new_code(party.but(pkce=False), visitor)
    answer = party.ask_for_tokens(code, sent, code_verifier="v" * 43)
    assert answer.status == 400
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("seconds", [-2, 2])
def test_a_relying_party_whose_clock_is_two_seconds_off(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller, seconds: int
) -> None:
    """Behind us it finds our tokens from the future, rightly so: we are true to the second; our lives leave room."""
    sent, code = new_code(party, visitor)
    answer = party.ask_for_tokens(code, sent)
    held_clock.shift(timedelta(seconds=seconds))
    if seconds < 0:
        with pytest.raises(Unacceptable, match="future"):
            party.believe(answer, sent)
    else:
        assert party.believe(answer, sent)


def test_a_client_whose_clock_is_two_seconds_ahead_may_still_sign_its_assertion(
    account: Account, visitor: Visitor, held_clock: Traveller
) -> None:
    """RFC 7523, 3: exp and iat of somebody else's clock; the answer is theirs to judge, the assertion ours."""
    key = ECKey.generate_key("P-256", {"kid": "c1", "use": "sig", "alg": "ES256"})
    party = standard(auth_method="private_key_jwt", key=key)
    sent, code = new_code(party, visitor)
    held_clock.shift(timedelta(seconds=2))
    assertion = party.assertion(party.metadata()["token_endpoint"])
    held_clock.shift(timedelta(seconds=-2))
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": sent.verifier,
        "client_id": "service", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    answer = party.back.post(party.metadata()["token_endpoint"], form)
    assert answer.status == 200, answer
    again = party.back.post(party.metadata()["token_endpoint"], form)
    assert again.json()["error"] == "invalid_client", "an assertion serves once"


@pytest.mark.parametrize("immediately", [True, False])
def test_a_key_that_is_rotated_between_code_and_token(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller, immediately: bool
) -> None:
    """Whichever signs is published when the token comes, and what was signed before stays known."""
    before = whole_flow(party, visitor)
    sent, code = new_code(party, visitor)
    keys.rotate("ES256", now=timezone.now(), immediately=immediately)
    after = party.redeem(code, sent)
    assert (header_of(after.id_token)["kid"] != header_of(before.id_token)["kid"]) is immediately
    silent = party.request(prompt="none", id_token_hint=before.id_token)
    assert party.code(silent, visitor.bring(silent).left_for)


def test_a_code_that_is_replayed_by_a_stranger_takes_nothing_away(party: RelyingParty, visitor: Visitor) -> None:
    """Only its own client's replay revokes: a stranger who saw the code cannot sign anybody out."""
    sent, code = new_code(party, visitor)
    tokens = party.redeem(code, sent)
    other = standard(client_id="an-other")
    assert other.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
    assert party.but(secret="x" * 43).ask_for_tokens(code, sent).json()["error"] == "invalid_client"
    assert party.ask_who(tokens.access_token).status == 200


@pytest.mark.django_db(transaction=True)
def test_one_code_exchanged_eight_times_at_once_gives_one_token(db: None) -> None:
    """Libraries, 2.1: 20 races of 20 left an orphan token behind."""
    an_account()
    party, visitor = standard(), Visitor()
    sent, code = new_code(party, visitor)
    party.jwks()
    answers = at_once(*[lambda: party.ask_for_tokens(code, sent) for _ in range(8)])
    assert sorted(answer.status for answer in answers) == [200] + [400] * 7
    assert {answer.json()["error"] for answer in answers if answer.status == 400} == {"invalid_grant"}
    (grant,) = Grant.objects.all()
    assert grant.token_digest is not None
    assert (AccessToken.objects.count(), RefreshToken.objects.count(), IDToken.objects.count()) == (0, 0, 0)
    # Every token that exists is the one that was handed out, and seven tries later it is worth nothing.
    assert grant.revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_single_use_token_used_eight_times_at_once_serves_once(db: None) -> None:
    """R15."""
    an_account()
    fc = franceconnect()
    tokens = whole_flow(fc, Visitor())
    answers = at_once(*[lambda: fc.ask_who(tokens.access_token) for _ in range(8)])
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


def test_a_revoked_token_opens_nothing_and_only_its_client_revokes_it(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 7009: 200 whatever the token, but somebody else's stays."""
    tokens = whole_flow(party, visitor)
    assert standard(client_id="an-other").revoke(tokens.access_token).status == 200
    assert party.ask_who(tokens.access_token).status == 200
    assert party.but(secret="x" * 43).revoke(tokens.access_token).status == 401
    assert party.revoke(tokens.access_token).status == 200
    assert party.ask_who(tokens.access_token).status == 401
    assert party.revoke("unknown").status == 200


def test_a_client_that_is_stopped_gets_nothing_any_more(party: RelyingParty, visitor: Visitor) -> None:
    """At each endpoint, also for what it holds, once every process has read it again (ten seconds at most)."""
    sent, code = new_code(party, visitor)
    tokens = whole_flow(party, visitor)
    Client.objects.update(is_active=False)
    clients.forget_cache()
    assert party.ask_for_tokens(code, sent).status == 401
    assert party.ask_who(tokens.access_token).status == 401
    visitor.bring(party.request())
    assert visitor.response.status_code == 400


@pytest.mark.parametrize("ended", [{"is_active": False}])
def test_an_account_that_is_stopped_is_told_to_nobody(
    party: RelyingParty, visitor: Visitor, ended: dict[str, Any]
) -> None:
    sent, code = new_code(party, visitor)
    tokens = whole_flow(party, visitor)
    Account.objects.update(**ended)
    assert party.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
    assert party.ask_who(tokens.access_token).status == 401
