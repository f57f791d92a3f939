"""The end of a session is the member's, of the sign-in that is meant, and told by an id_token alone (FI 24; R15)."""

from urllib.parse import urlencode

import pytest

from accounts.models import Account
from franceconnect.models import Client, Grant
from tests.oidc.clients import FC_LOGOUT_CALLBACK, LOGOUT_CALLBACK, standard
from tests.oidc.relying_party import RelyingParty, Tokens
from tests.oidc.visitor import Visitor, new_code, whole_flow

pytestmark = [pytest.mark.django_db]
# Characters that end a directive or a policy, and that a registered address may have (RFC 3986, 2).
AWKWARD = "https://service.example/au;script-src,revoir'?a=b;script-src%20x"


def policy_of(visitor: Visitor) -> dict[str, list[str]]:
    """The directives of the page's one policy."""
    header = visitor.response["Content-Security-Policy"]
    assert "," not in header, "a second policy"
    found = [part.split() for part in header.split(";") if part.strip()]
    assert len({words[0] for words in found}) == len(found)
    return {words[0]: words[1:] for words in found}


@pytest.mark.parametrize("uri", [LOGOUT_CALLBACK, AWKWARD])
def test_a_browser_may_follow_the_question_s_button_to_the_service(
    account: Account, visitor: Visitor, uri: str
) -> None:
    """RP-Initiated Logout, 3: Chromium holds the redirect after a form to form-action; the button led nowhere."""
    party = standard(post_logout_redirect_uris=[uri])
    visitor.visit("/connexion/").sign_in()
    others = policy_of(visitor) | {"form-action": []}
    visitor.visit(party.logout_url(client_id="service", post_logout_redirect_uri=uri, state="s"))
    policy = policy_of(visitor)
    there = uri.partition("?")[0].replace(";", "%3B").replace(",", "%2C").replace("'", "%27")
    assert policy["form-action"] == ["'self'", there]
    assert {name: sources for name, sources in policy.items() if name in others} | {"form-action": []} == others
    assert visitor.press("Se déconnecter").left_for == f"{uri}{'&' if '?' in uri else '?'}state=s"


def test_an_awkward_callback_spoils_no_policy_either(account: Account, visitor: Visitor) -> None:
    """Libraries, 2.2 no. 6."""
    visitor.bring(standard(redirect_uris=[AWKWARD]).request())
    assert policy_of(visitor)["form-action"] == ["'self'", "https://service.example/au%3Bscript-src%2Crevoir%27"]


def test_without_a_way_back_the_question_leads_nowhere_else(party: RelyingParty, visitor: Visitor) -> None:
    visitor.visit("/connexion/").sign_in().visit(party.logout_url(client_id="service"))
    assert visitor.offers("Se déconnecter")
    assert policy_of(visitor)["form-action"] == ["'self'"]


def test_an_old_id_token_ends_no_newer_sign_in(fc: RelyingParty, visitor: Visitor) -> None:
    """FI 24: FranceConnect's visitor signed out of yesterday's; today's token serves, each ends by its own."""
    first, second = whole_flow(fc, visitor), whole_flow(fc, visitor)
    sent, code = new_code(fc, visitor)

    def log_out(tokens: Tokens) -> None:
        uri = FC_LOGOUT_CALLBACK
        visitor.visit(fc.logout_url(id_token_hint=tokens.id_token, post_logout_redirect_uri=uri, state="f" * 64))
        assert visitor.left_for == f"{uri}?state={'f' * 64}"

    log_out(first)
    assert fc.ask_who(first.access_token).status == 401
    assert Grant.objects.filter(revoked_at=None).count() == 2
    third = fc.redeem(code, sent)
    log_out(second)
    assert fc.ask_who(second.access_token).status == 401
    assert fc.ask_who(third.access_token).status == 200


def test_who_is_told_the_identity_in_a_token_has_no_hint_of_it(account: Account, visitor: Visitor) -> None:
    """Core, 3.1.2.1: an id_token « previously issued »; userinfo's token is signed by us, and says of no sign-in."""
    party = standard(userinfo_format=Client.UserinfoFormat.JWT)
    tokens = whole_flow(party, visitor)
    answer = party.ask_who(tokens.access_token)
    assert party.believe_identity(answer, tokens)["aud"] == "service"
    no_hint = answer.body.decode()
    sent = party.request(id_token_hint=no_hint, prompt="none")
    assert party.callback(sent, visitor.bring(sent).left_for)["error"] == "invalid_request"
    for client_id in ("service", None):
        visitor.visit(
            party.logout_url(id_token_hint=no_hint, post_logout_redirect_uri=LOGOUT_CALLBACK, client_id=client_id)
        )
        assert visitor.response.status_code == 400
        assert not visitor.left_for
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"
    # The control: the id_token of the same sign-in is one.
    sent = party.request(id_token_hint=tokens.id_token, prompt="none")
    assert party.code(sent, visitor.bring(sent).left_for)


def test_a_look_at_the_end_ends_nothing(party: RelyingParty, visitor: Visitor) -> None:
    """RP-Initiated Logout, 2: GET and POST; what looks before it opens (HEAD) changes nothing (RFC 9110, 9.2.1)."""
    tokens = whole_flow(party, visitor)
    for browser in (visitor.client, Visitor().client):
        answer = browser.head("/oidc/logout", QUERY_STRING=urlencode({"id_token_hint": tokens.id_token}))
        assert answer.status_code == 405
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"
    assert party.ask_who(tokens.access_token).status == 200
