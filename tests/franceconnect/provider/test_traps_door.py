"""What is refused at the door, before any page or endpoint is reached (R12, R20)."""

from urllib.parse import urlencode

import pytest

from accounts.models import Account
from franceconnect.models import Grant
from tests.members import LAMY
from tests.oidc.clients import LOGOUT_CALLBACK, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor
from tests.oidc.wire import Wire

pytestmark = [pytest.mark.django_db]


# Django builds its request before the first middleware runs: what these raise there is a bare 500 of gunicorn's.
UNREADABLE = [
    "text/plain; charset=hex", "text/plain; charset=base64", "text/plain; charset=rot13", "text/plain; charset=zlib",
    "text/plain; charset=undefined", "text/plain; charset=idna", "text/plain; charset=punycode",
    "text/plain; charset*=nobody''x", "text/plain; a*=undefined''x", "text/plain; a*=\x00''x",
]  # fmt: skip


@pytest.mark.parametrize("content_type", UNREADABLE)
@pytest.mark.parametrize("path", ["/oidc/authorize", "/oidc/logout", "/oidc/token", "/oidc/userinfo", "/", "/status"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_content_type_breaks_the_door(party: RelyingParty, method: str, path: str, content_type: str) -> None:
    """R12: whoever can send a request can send this one, to every address of the portal."""
    query = urlencode(party.request(state=r"a..\ud800" + "-" * 70).parameters).encode()
    answer = Wire().send(
        method, path, query=query, body=query * (method == "POST"), headers={"Content-Type": content_type}
    )
    assert answer.status < 500


def test_too_many_parameters_are_refused_whatever_the_charset(party: RelyingParty) -> None:
    """The same place: TooManyFieldsSent is a 400 in a view, and a 500 while Django sets the charset."""
    for content_type in ("text/plain", "text/plain; charset=utf-8"):
        answer = Wire().send("GET", "/oidc/authorize", query=b"a=b&" * 2000, headers={"Content-Type": content_type})
        assert answer.status == 400


def test_a_number_sent_to_the_end_stands_in_no_address(party: RelyingParty, visitor: Visitor) -> None:
    """R20, as at authorize: logout_hint may be a login_hint (RP-Initiated Logout, 2)."""
    form = {"client_id": "service", "post_logout_redirect_uri": LOGOUT_CALLBACK, "logout_hint": LAMY}
    answer = visitor.client.post("/oidc/logout", urlencode(form), content_type=FORM)
    assert LAMY not in answer["Location"]


def test_a_look_at_a_page_of_the_way_gives_no_answer(account: Account, visitor: Visitor) -> None:
    """As at authorize: HEAD is no visit (RFC 9110, 9.3.2: safe)."""
    party = standard()
    visitor.bring(party.request())
    way = visitor.way()
    visitor.visit("/connexion/").sign_in()
    assert "Location" not in visitor.client.head(way)
    assert not Grant.objects.exists()
