"""Who turns back has answered the request: what was opened on the way is over (R15, FI 6)."""

import pytest

from accounts.models import Account
from franceconnect.models import Grant
from tests.members import an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor

pytestmark = [pytest.mark.django_db]
BACK = "Retourner sur FranceConnect"


def turn_back(visitor: Visitor) -> Visitor:
    """By the link or the button, as the page has it."""
    is_a_link = any(BACK in text for text, _ in visitor.page.links)
    return visitor.follow(BACK) if is_a_link else visitor.press(BACK)


def test_the_session_for_franceconnect_ends_with_the_way_back(visitor: Visitor, db: None) -> None:
    """R15: whoever sits down next at this computer finds nobody's contact details."""
    an_account(email_proven_at=None)
    fc = franceconnect()
    sent = fc.request()
    visitor.bring(sent).sign_in().follow("Confirmer mon adresse email")
    page = visitor.path
    assert "fritz.lamy@example.org" in visitor.response.content.decode()
    turn_back(visitor)
    assert fc.callback(sent, visitor.left_for)["error"] == "access_denied"
    visitor.visit(page)
    assert visitor.response.status_code == 410
    assert "fritz.lamy@example.org" not in visitor.response.content.decode()


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_request_that_was_turned_back_gives_no_code_any_more(visitor: Visitor, db: None, signed_in: bool) -> None:
    """FI 6: one answer to one request."""
    an_account(**({"email_proven_at": None} if signed_in else {}))
    fc = franceconnect()
    page = visitor.bring(fc.request()).path
    if signed_in:
        visitor.sign_in()
    turn_back(visitor)
    assert visitor.visit(page).response.status_code == 410


def test_a_refused_consent_is_an_answer_as_well(account: Account, visitor: Visitor) -> None:
    party: RelyingParty = standard(skip_authorization=False)
    visitor.bring(party.request()).sign_in()
    page = visitor.path
    visitor.press("Refuser")
    assert visitor.visit(page).response.status_code == 410
    assert not Grant.objects.exists()
