"""The consent page and the claims that a service may ask for one by one (I07 to I09)."""

import json

import pytest

from accounts.models import Account
from tests.oidc.clients import standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, arrive

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def party(account: Account) -> RelyingParty:
    return standard(skip_authorization=False)


@pytest.mark.parametrize("name", ["\x00", "\ud800", "é", "x" * 2000, "", " ", "\u2028", "sub", "__proto__"])
def test_a_claim_of_any_name_can_be_asked_for_and_agreed_to(party: RelyingParty, name: str) -> None:
    """Core, 5.5: what is not understood is ignored; a NUL in JSON is not one in the address."""
    sent = party.request(claims=json.dumps({"userinfo": {name: None, "email": {"essential": True}}}))
    visitor = Visitor()
    tokens = party.redeem(party.code(sent, arrive(visitor.bring(sent))), sent)
    assert set(party.identity(tokens)) == {"sub", "email"}


@pytest.mark.parametrize("smuggled", ["x email", "x claim:email", "x\temail", "x\u00a0email", "x\u2028email"])
def test_no_consent_can_be_hidden_in_the_name_of_a_claim(party: RelyingParty, smuggled: str) -> None:
    """The member reads what they allow; the name of a claim that nobody knows is not a list of those that are known."""
    visitor = Visitor()
    sent = party.request(claims=json.dumps({"userinfo": {smuggled: None}}))
    arrive(visitor.bring(sent).sign_in())
    for more in ({"scope": "openid email"}, {"claims": '{"userinfo": {"email": null}}'}):
        larger = party.request(prompt="none", **more)
        answer = party.callback(larger, visitor.bring(larger).left_for)
        assert "code" not in answer, f"silently agreed to {more}"
        assert answer["error"] == "consent_required"
