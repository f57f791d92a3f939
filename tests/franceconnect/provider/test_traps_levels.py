"""A level that no password earns is given to nobody, whatever the client is registered for (A6; Core, 5.5.1.1)."""

import json

import pytest

from accounts.models import Account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor, arrive

pytestmark = [pytest.mark.django_db]
BOTH = {"acr": "eidas1 eidas2"}


def essential(**wanted: object) -> str:
    return json.dumps({"id_token": {"acr": {"essential": True, **wanted}}})


@pytest.mark.parametrize(
    "parameters",
    [
        {"claims": essential(value="eidas2")}, {"claims": essential(values=["eidas2"])},
        {"claims": essential(values=["eidas3", "eidas2"]), "acr_values": "eidas1"},
        {"claims": essential(value="eidas2"), "prompt": "none"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("signed_in", [False, True])
def test_an_essential_level_above_ours_is_refused(
    account: Account, visitor: Visitor, parameters: dict[str, str], signed_in: bool
) -> None:
    """Registered for both, it was asked to sign in, and told eidas1 for its essential eidas2."""
    party = standard(**BOTH)
    if signed_in:
        visitor.visit("/connexion/").sign_in()
    sent = party.request(**parameters)
    assert party.callback(sent, visitor.bring(sent).left_for)["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize("acr_values", ["eidas2", "eidas2 eidas3"])
def test_franceconnect_s_level_above_ours_is_refused(account: Account, visitor: Visitor, acr_values: str) -> None:
    """A6, FI 6: it asks for what it needs, in acr_values alone."""
    fc = franceconnect(**BOTH)
    sent = fc.request(acr_values=acr_values)
    assert fc.callback(sent, visitor.bring(sent).left_for)["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize(
    "parameters",
    [
        {}, {"acr_values": "eidas2"}, {"acr_values": "eidas2 eidas1"}, {"claims": essential()},
        {"claims": essential(values=["eidas2", "eidas1"])},
        {"claims": json.dumps({"id_token": {"acr": {"value": "eidas2"}}})},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_earned_is_said(account: Account, visitor: Visitor, parameters: dict[str, str]) -> None:
    """Core, 3.1.2.1: acr_values and a claim that is not essential are wishes."""
    party = standard(**BOTH)
    sent = party.request(**parameters)
    assert party.redeem(party.code(sent, arrive(visitor.bring(sent))), sent).claims["acr"] == "eidas1"
