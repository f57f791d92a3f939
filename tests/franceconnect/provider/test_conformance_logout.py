"""The OpenID Foundation's plan oidcc-rp-initiated-logout-certification-test-plan, and FranceConnect's end (FI 24).

Each docstring of the plan's part begins with the name of the module.
"""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey
from time_machine import Traveller

from accounts.models import Account
from franceconnect import keys
from tests.members import GARCIN, a_member, an_account
from tests.oidc.clients import FC_LOGOUT_CALLBACK, LOGOUT_CALLBACK, franceconnect, standard
from tests.oidc.relying_party import RelyingParty, Tokens
from tests.oidc.tokens import claims_of, header_of
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, whole_flow

pytestmark = [pytest.mark.django_db]
# A long one: it must come back whole.
STATE = "aZ9-._~!$'()*,;:@/? &=+%" * 5


@pytest.fixture
def tokens(party: RelyingParty, visitor: Visitor) -> Tokens:
    return whole_flow(party, visitor)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.visit("/mon-espace/").path == "/mon-espace/"


def is_over(party: RelyingParty, visitor: Visitor) -> bool:
    """The plan's own way to find out: prompt=none."""
    sent = party.request(prompt="none")
    return party.callback(sent, visitor.bring(sent).left_for).get("error") == "login_required"


def agree_if_asked(visitor: Visitor) -> Visitor:
    return visitor.press("Se déconnecter") if visitor.offers("Se déconnecter") and not visitor.left_for else visitor


def end(visitor: Visitor, party: RelyingParty, **parameters: str) -> Visitor:
    return agree_if_asked(visitor.visit(party.logout_url(**parameters)))


def came_back(visitor: Visitor, uri: str, state: str | None) -> bool:
    parts = urlsplit(visitor.left_for)
    base, query = visitor.left_for.partition("?")[0], dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    return base == uri and query == ({"state": state} if state else {})


def test_the_end_is_announced(party: RelyingParty) -> None:
    """oidcc-rp-initiated-logout-discovery-endpoint-verification."""
    assert party.metadata()["end_session_endpoint"] == f"{party.issuer}/oidc/logout"


def test_one_signs_out_and_comes_back_with_the_state(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """oidcc-rp-initiated-logout."""
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK, state=STATE)
    assert came_back(visitor, LOGOUT_CALLBACK, STATE)
    assert is_over(party, visitor)
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "uri",
    [
        f"{LOGOUT_CALLBACK}?foo=bar", f"{LOGOUT_CALLBACK}/", f"{LOGOUT_CALLBACK}x", "https://evil.example/",
        LOGOUT_CALLBACK.upper(), LOGOUT_CALLBACK.replace("https", "http"), f"{LOGOUT_CALLBACK}#x",
        LOGOUT_CALLBACK.replace(".example", ".example:443"), "//evil.example", "javascript:alert(1)",
        "https://service.example/retour",
    ],
)  # fmt: skip
def test_another_way_back_than_the_registered_one_leads_nowhere(
    party: RelyingParty, visitor: Visitor, tokens: Tokens, uri: str
) -> None:
    """oidcc-rp-initiated-logout-bad-post-logout-redirect-uri, …-query-added-to-post-logout-redirect-uri."""
    visitor.visit(party.logout_url(id_token_hint=tokens.id_token, post_logout_redirect_uri=uri, state=STATE))
    assert not visitor.left_for
    assert visitor.response.status_code == 400
    assert "evil.example" not in visitor.response.content.decode()


def modified(token: str) -> str:
    """Another subject under the same signature."""
    header, payload, signature = token.split(".")
    return f"{header}.{payload[:-4]}{'AAAA' if payload[-4:] != 'AAAA' else 'BBBB'}.{signature}"


def forged(token: str) -> str:
    """Everything as in ours, kid included, but signed by somebody else."""
    return jwt.encode(header_of(token), claims_of(token), ECKey.generate_key("P-256"))


def unsigned(token: str) -> str:
    """`alg: none`."""
    return ".".join(["eyJhbGciOiJub25lIn0", token.split(".")[1], ""])


@pytest.mark.parametrize("spoil", [modified, forged, unsigned, lambda token: "x", lambda token: "é\x00.é.é"])
def test_a_hint_that_is_not_ours_leads_nowhere(party: RelyingParty, visitor: Visitor, tokens: Tokens, spoil) -> None:
    """oidcc-rp-initiated-logout-modified-id-token-hint, oidcc-rp-initiated-logout-bad-id-token-hint."""
    hint = spoil(tokens.id_token)
    visitor.visit(party.logout_url(id_token_hint=hint, post_logout_redirect_uri=LOGOUT_CALLBACK, state=STATE))
    assert not visitor.left_for
    assert visitor.response.status_code == 400
    assert is_signed_in(visitor)


def test_without_a_hint_the_member_is_asked_and_nobody_comes_back(
    party: RelyingParty, visitor: Visitor, tokens: Tokens
) -> None:
    """oidcc-rp-initiated-logout-no-id-token-hint: nobody knows whose way back it is."""
    visitor.visit(party.logout_url(post_logout_redirect_uri=LOGOUT_CALLBACK, state=STATE))
    assert not visitor.left_for
    if visitor.offers("Se déconnecter"):
        visitor.press("Se déconnecter")
    assert not visitor.left_for


def test_without_anything_the_member_signs_out_here(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """oidcc-rp-initiated-logout-no-params."""
    end(visitor, party).sees("Vous êtes déconnecté")
    assert not visitor.left_for
    assert is_over(party, visitor)


def test_without_a_way_back_the_page_says_that_it_is_over(
    party: RelyingParty, visitor: Visitor, tokens: Tokens
) -> None:
    """oidcc-rp-initiated-logout-no-post-logout-redirect-uri."""
    end(visitor, party, id_token_hint=tokens.id_token, state=STATE).sees("Vous êtes déconnecté")
    assert not visitor.left_for
    assert is_over(party, visitor)


def test_without_a_state_one_comes_back_without(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """oidcc-rp-initiated-logout-no-state."""
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK)
    assert came_back(visitor, LOGOUT_CALLBACK, None)
    assert is_over(party, visitor)


def test_with_a_state_only_the_member_signs_out_here(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """oidcc-rp-initiated-logout-only-state."""
    end(visitor, party, state=STATE).sees("Vous êtes déconnecté")
    assert not visitor.left_for
    assert is_over(party, visitor)


# Beyond the plan ------------------------------------------------------------------------------------------------------


def test_by_post_as_well(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """RP-Initiated Logout, 2: both methods; from another site, so without any token of our forms."""
    form = {"id_token_hint": tokens.id_token, "post_logout_redirect_uri": LOGOUT_CALLBACK, "state": STATE}
    path = urlsplit(party.logout_url()).path
    visitor._show(visitor.client.post(path, urlencode(form), content_type=FORM), path)
    agree_if_asked(visitor)
    assert came_back(visitor, LOGOUT_CALLBACK, STATE)
    assert is_over(party, visitor)


@pytest.mark.parametrize("client_id", ["service", None])
def test_the_client_may_name_itself_or_not(
    party: RelyingParty, visitor: Visitor, tokens: Tokens, client_id: str | None
) -> None:
    """FI 24."""
    named = {"client_id": client_id} if client_id else {}
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK, **named)
    assert came_back(visitor, LOGOUT_CALLBACK, None)


@pytest.mark.parametrize("client_id", ["nobody", "an-other", "service\x00", "x" * 5000])
def test_a_client_id_that_is_unknown_or_not_of_the_hint_is_a_page(
    party: RelyingParty, visitor: Visitor, tokens: Tokens, client_id: str
) -> None:
    """Libraries, 2.2 no. 3: it was a 500."""
    standard(client_id="an-other")
    parameters = {"id_token_hint": tokens.id_token, "post_logout_redirect_uri": LOGOUT_CALLBACK}
    visitor.visit(party.logout_url(client_id=client_id, **parameters))
    assert not visitor.left_for
    assert visitor.response.status_code == 400
    assert is_signed_in(visitor)


def test_a_hint_that_expired_long_ago_still_says_whose_end_it_is(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller
) -> None:
    """FI 24."""
    tokens = whole_flow(party, visitor)
    held_clock.shift(timedelta(minutes=25))
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK)
    assert came_back(visitor, LOGOUT_CALLBACK, None)
    assert is_over(party, visitor)


def test_a_hint_of_a_key_that_signs_no_more_is_known(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller
) -> None:
    """Libraries, 2.1: after a rotation the toolkit refuses them all."""
    tokens = whole_flow(party, visitor)
    keys.rotate("ES256", now=timezone.now(), immediately=True)
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK)
    assert came_back(visitor, LOGOUT_CALLBACK, None)


def test_a_hint_of_another_member_ends_nobody_elses_session_unasked(
    party: RelyingParty, visitor: Visitor, tokens: Tokens
) -> None:
    """RP-Initiated Logout, 2: « the OP SHOULD NOT act » on a hint of somebody who is not there, without asking."""
    an_account(a_member(GARCIN), email="other@example.org")
    other = Visitor("192.0.2.11")
    whole_flow(party, other, login=GARCIN)
    other.visit(party.logout_url(id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK))
    assert is_signed_in(other)


def test_only_what_this_client_holds_ends(party: RelyingParty, visitor: Visitor, tokens: Tokens) -> None:
    """Libraries, 2.1: the toolkit takes all the member's tokens at all clients."""
    other = standard(client_id="an-other")
    others = whole_flow(other, visitor)
    end(visitor, party, id_token_hint=tokens.id_token, post_logout_redirect_uri=LOGOUT_CALLBACK)
    assert party.ask_who(tokens.access_token).status == 401
    assert other.ask_who(others.access_token).status == 200


@pytest.mark.parametrize("client_id", ["franceconnect", None])
def test_franceconnect_ends_its_own_and_comes_back(account: Account, client_id: str | None) -> None:
    """FI 24 (A8): the portal's session of the same browser is none of its business."""
    fc, visitor = franceconnect(), Visitor()
    tokens = whole_flow(fc, visitor)
    visitor.visit("/connexion/").sign_in()
    named = {"client_id": client_id} if client_id else {}
    url = fc.logout_url(
        id_token_hint=tokens.id_token, post_logout_redirect_uri=FC_LOGOUT_CALLBACK, state="f" * 64, **named
    )
    visitor.visit(url)
    assert came_back(visitor, FC_LOGOUT_CALLBACK, "f" * 64), visitor.text
    assert is_signed_in(visitor)
    assert fc.ask_who(tokens.access_token).status == 401


def test_franceconnect_comes_back_also_from_a_browser_that_we_do_not_know(account: Account) -> None:
    """FI 24: its visitor closed everything since."""
    fc = franceconnect()
    tokens = whole_flow(fc, Visitor())
    fresh = Visitor("192.0.2.99")
    url = fc.logout_url(id_token_hint=tokens.id_token, post_logout_redirect_uri=FC_LOGOUT_CALLBACK, state="f" * 64)
    fresh.visit(url)
    assert came_back(fresh, FC_LOGOUT_CALLBACK, "f" * 64), fresh.text
