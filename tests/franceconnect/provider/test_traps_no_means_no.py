"""A demanded sign-in is not walked around, a no is never a yes, and one call names one client and one token."""

import base64

import pytest

from accounts.models import Account
from franceconnect.models import Grant
from tests.members import an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, arrive, whole_flow
from tests.stories.signing_in import sign_in, temporary_password

pytestmark = [pytest.mark.django_db]
ANOTHER = "Verger+Tranquille7"


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "0"}])
def test_choosing_a_password_is_no_sign_in(visitor: Visitor, asked: dict[str, str]) -> None:
    """Core, 3.1.2.1; FI 4: who came with the portal's session, by a temporary password, still has to sign in."""
    account = an_account()
    sign_in(visitor, temporary_password(account))
    party = standard()
    visitor.bring(party.request(**asked))
    assert visitor.path.endswith("/connexion/")
    visitor.visit(visitor.way("mot-de-passe/"))
    assert visitor.path.endswith("/connexion/")
    visitor.send(visitor.way("mot-de-passe/"), new_password1=ANOTHER, new_password2=ANOTHER)
    assert not visitor.left_for
    assert not Grant.objects.exists()


def test_turning_back_with_a_form_of_yesterday_gives_no_code(account: Account, visitor: Visitor) -> None:
    """Somebody signed in in another tab meanwhile: the form's token is stale, and the no is a no all the same."""
    party = standard()
    sent = party.request()
    visitor.bring(sent)
    back = next(form for form in visitor.page.forms if form.action.endswith("/retour/"))
    visitor.visit("/connexion/").sign_in()
    answer = visitor.client.post(
        back.action, f"csrfmiddlewaretoken={back.values['csrfmiddlewaretoken']}", content_type=FORM
    )
    assert party.callback(sent, answer["Location"])["error"] == "access_denied"
    assert not Grant.objects.exists()


def test_a_look_at_userinfo_spends_no_token(account: Account, visitor: Visitor) -> None:
    """Core, 5.3.1: GET and POST."""
    fc = franceconnect()
    sent = fc.request()
    token = fc.ask_for_tokens(fc.code(sent, arrive(visitor.bring(sent))), sent).json()["access_token"]
    assert visitor.client.head("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 405
    assert fc.ask_who(token).status == 200


def test_one_call_names_one_client(party: RelyingParty, visitor: Visitor) -> None:
    whole_flow(party, visitor)
    sent = party.request()
    code = party.code(sent, visitor.bring(sent).left_for)
    assert party.ask_for_tokens(code, sent, client_id="an-other").json()["error"] == "invalid_request"
    assert party.ask_for_tokens(code, sent, client_id=party.client_id).status == 200


def test_one_call_brings_one_token(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 6750, 2."""
    tokens = whole_flow(party, visitor)
    for other in (tokens.access_token, base64.urlsafe_b64encode(b"x" * 32).decode()):
        answer = visitor.client.post(
            "/oidc/userinfo",
            f"access_token={other}",
            content_type=FORM,
            headers={"Authorization": f"Bearer {tokens.access_token}"},
        )
        assert answer.status_code == 400
