"""The consent page and the claims that a service may ask for one by one (I07 to I09)."""

import json

import pytest

from accounts.models import Account
from franceconnect.models import Consent, Grant
from tests.members import LAMY
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


def userinfo(*names: str) -> str:
    return json.dumps({"userinfo": dict.fromkeys(names)})


@pytest.mark.parametrize(
    "smuggled",
    [
        {"claims": userinfo("x email")}, {"claims": userinfo("x claim:email")}, {"claims": userinfo("x\temail")},
        {"claims": userinfo("x\u00a0email")}, {"claims": userinfo("x\u2028email")}, {"claims": userinfo("claim:email")},
        {"claims": userinfo(" email "), "scope": "openid x"}, {"scope": "openid claim:email"},
        {"scope": "openid claim:email claim:claim:email email,"}, {"scope": "openid EMAIL email\u200b"},
    ],
    ids=ascii,
)  # fmt: skip
def test_no_consent_can_be_hidden_in_what_nobody_knows(
    party: RelyingParty, visitor: Visitor, smuggled: dict[str, str]
) -> None:
    """The member reads what they allow; the name of a claim that nobody knows is not a list of those that are known."""
    sent = party.request(**smuggled)
    visitor.bring(sent).sign_in().sees("Nous ne transmettons rien de personnel")
    arrive(visitor)
    assert Consent.objects.get().shared.split() == ["openid"]
    for more in ({"scope": "openid email"}, {"claims": '{"userinfo": {"email": null}}'}):
        larger = party.request(prompt="none", **more)
        answer = party.callback(larger, visitor.bring(larger).left_for)
        assert "code" not in answer, f"silently agreed to {more}"
        assert answer["error"] == "consent_required"


def test_of_a_request_only_names_are_kept(party: RelyingParty, visitor: Visitor) -> None:
    """R20: what else a client writes into `claims` may be anything about anybody."""
    asked = {
        "email": {"essential": True, "value": f"{LAMY}@example.org"}, "name": {"values": [LAMY]}, LAMY: None,
        f"email {LAMY}": None, "x email": None, "nir": {"purpose": LAMY}, "birthplace": None,
    }  # fmt: skip
    sent = party.request(claims=json.dumps({"userinfo": asked, "id_token": {"nonce": {"value": LAMY}}}))
    tokens = party.redeem(party.code(sent, arrive(visitor.bring(sent))), sent)
    assert Grant.objects.get().claims == "birthplace email name"
    assert LAMY not in str([vars(row) for row in (*Grant.objects.all(), *Consent.objects.all())])
    assert set(party.identity(tokens)) == {"sub", "birthplace", "email", "name"}
