"""Only the member who is meant is told, only to whom they agreed, and nothing stays behind (J15, R20, R21)."""

import base64
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import models
from django.utils import timezone

from accounts import outbox
from accounts.models import Account, Email, Entry
from franceconnect.models import Client, Consent, Grant, Interaction
from tests.listening import Ear, listening
from tests.members import GARCIN, LAMY, OWN_PASSWORD, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import Denied, RelyingParty
from tests.oidc.visitor import Visitor, new_code, whole_flow

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def garcin(account: Account) -> Account:
    return an_account(a_member(GARCIN, birth_name="GARCIN"), email="garcin@example.org")


@pytest.mark.parametrize("prompt", [None, "login", "none"])
def test_a_hint_of_one_member_is_not_answered_with_another(
    party: RelyingParty, garcin: Account, visitor: Visitor, prompt: str | None
) -> None:
    """Core, 3.1.2.2: « MUST NOT reply with an ID Token or Access Token for a different user »."""
    hint = whole_flow(party, Visitor("192.0.2.30")).id_token
    visitor.visit("/connexion/").sign_in(GARCIN)
    sent = party.request(id_token_hint=hint, prompt=prompt)
    visitor.bring(sent)
    if not visitor.left_for:
        visitor.sign_in(GARCIN)
    if visitor.left_for:
        assert "error" in party.callback(sent, visitor.left_for)
    assert not Grant.objects.filter(user=garcin).exists()


def test_a_sub_asked_for_by_value_is_not_answered_with_another(
    party: RelyingParty, garcin: Account, visitor: Visitor
) -> None:
    """Core, 5.5.1: the same, said in the claims parameter."""
    sub = whole_flow(party, Visitor("192.0.2.30")).claims["sub"]
    visitor.visit("/connexion/").sign_in(GARCIN)
    sent = party.request(prompt="none", claims=json.dumps({"id_token": {"sub": {"value": sub}}}))
    with pytest.raises(Denied):
        party.code(sent, visitor.bring(sent).left_for)
    assert not Grant.objects.filter(user=garcin).exists()


def test_nothing_of_the_member_stands_in_the_id_token(party: RelyingParty, fc: RelyingParty, visitor: Visitor) -> None:
    """J15, R20: userinfo alone; not even when it is asked for there."""
    asked = json.dumps({"id_token": {name: {"essential": True} for name in ("name", "email", "birthdate", "nir")}})
    for whose in (party, fc):
        tokens = whole_flow(whose, visitor, scope="openid profile email birth address phone", claims=asked)
        assert set(tokens.claims) <= {
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "azp", "jti",
        }  # fmt: skip
        assert not re.search(r"lamy|fritz|1963|67482|strasbourg", str(tokens.claims), re.IGNORECASE)
        assert LAMY not in tokens.claims["sub"]


def test_what_the_member_has_not_agreed_to_is_not_told(account: Account, visitor: Visitor) -> None:
    """I07 to I09: consent to one set of claims covers no larger one."""
    party = standard(skip_authorization=False).but(scope="openid profile")
    whole_flow(party, visitor)
    silent = party.request(prompt="none")
    assert party.code(silent, visitor.bring(silent).left_for)
    for more in ({"scope": "openid profile email"}, {"claims": '{"userinfo": {"email": null}}'}):
        larger = party.request(prompt="none", **more)
        assert party.callback(larger, visitor.bring(larger).left_for)["error"] == "consent_required"


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening(logging.DEBUG) as ear:
        yield ear


def everything_kept() -> str:
    """Every row of every table that this flow may have written to, as it stands there."""
    kept: list[str] = []
    for model in (Client, Consent, Grant, Interaction, Entry, Session, Email):
        for row in models.QuerySet(model).all():
            kept.append(repr({name: value for name, value in vars(row).items() if name != "_state"}))
            kept.append(repr([bytes(value) for value in vars(row).values() if isinstance(value, memoryview)]))
    return "\n".join(kept)


@pytest.mark.parametrize("kind", [franceconnect, standard])
def test_no_secret_stands_in_a_log_or_in_the_database(account: Account, visitor: Visitor, ear: Ear, kind: Any) -> None:
    """R20, R21: neither the code nor the tokens nor the client's secret nor who signed in."""
    party = kind()
    sent, code = new_code(party, visitor)
    tokens = party.redeem(code, sent)
    party.identity(tokens)
    party.ask_for_tokens(code, sent)
    party.ask_who(tokens.access_token)
    party.but(secret="Secret-Faux-1234567890").ask_for_tokens(code, sent)
    outbox.sweep(now=timezone.now())
    basic = base64.b64encode(f"{party.client_id}:{party.secret}".encode()).decode()
    secrets = [code, tokens.access_token, tokens.id_token, tokens.id_token.split(".")[2], party.secret, OWN_PASSWORD,
               LAMY, "Secret-Faux-1234567890", basic]  # fmt: skip
    if sent.verifier:
        secrets.append(sent.verifier)
    heard, kept = "\n".join(ear.lines), everything_kept()
    for secret in secrets:
        assert secret not in heard
        assert secret not in kept
    sent_mails = "\n".join(str(message.body) for message in mail.outbox)
    assert LAMY not in sent_mails
    assert code not in sent_mails


def test_what_waits_with_a_request_is_sealed(party: RelyingParty, visitor: Visitor) -> None:
    """R20: a login_hint may be a member's number."""
    visitor.bring(party.request(login_hint=LAMY, state="un-etat-bien-a-lui"))
    assert Interaction.objects.exists()
    assert LAMY not in everything_kept()
    assert LAMY not in visitor.path
