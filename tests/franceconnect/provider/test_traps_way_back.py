"""Nobody is led elsewhere than to a registered address, and what comes back is what went (FI 3, FI 5, FI 6)."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from accounts.models import Account
from franceconnect.models import Interaction
from tests.oidc.clients import CALLBACK, franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, arrive

pytestmark = [pytest.mark.django_db]


REGISTERED = "https://service.example/retour?origine=msa"


NOT_THE_SAME = [
    f"{REGISTERED}/", f"{REGISTERED}&x=1", f"{REGISTERED}#x", REGISTERED.upper(),
    REGISTERED.replace("service", "Service"), REGISTERED.replace(".example", ".example:443"),
    REGISTERED.replace("https", "http"),
    REGISTERED.replace("/retour", "/retour/"), REGISTERED.replace("/retour", "/./retour"),
    REGISTERED.replace("/retour", "/a/../retour"), REGISTERED.replace("retour", "%72etour"),
    REGISTERED.partition("?")[0], REGISTERED.replace("https://", "https://x@"),
    REGISTERED.replace(".example", ".example.evil.example"), f"https://evil.example/?{REGISTERED}",
    f" {REGISTERED}", f"{REGISTERED} ", f"{REGISTERED} http://127.0.0.1:9/retour", "", "/retour", "javascript:alert(1)",
    "http://127.0.0.1:8999/retour", "http://127.0.0.1/retour", "http://[::1]:9/retour", "http://localhost:9/retour",
]  # fmt: skip


@pytest.mark.parametrize("uri", NOT_THE_SAME)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_redirect_uri_is_one_of_the_registered_strings_or_nothing(account: Account, uri: str, method: str) -> None:
    """By exact string, loopback included; a page of ours without a link there (RFC 9700, 2.1)."""
    party = standard(redirect_uris=[REGISTERED, "http://127.0.0.1:9/retour"], sector="service.example")
    sent = party.request(redirect_uri=uri)
    browser = Browser()
    answer = getattr(browser, method)("/oidc/authorize", sent.parameters, follow=True)
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert not Interaction.objects.exists()


def test_each_registered_string_works(account: Account, visitor: Visitor) -> None:
    """A query of its own stays as it is; what we add is added."""
    party = standard(redirect_uris=[REGISTERED, "http://127.0.0.1:9/retour"], sector="service.example")
    for uri in (REGISTERED, "http://127.0.0.1:9/retour"):
        sent = party.request(redirect_uri=uri)
        location = arrive(visitor.bring(sent))
        assert location.startswith(uri)
        assert party.redeem(party.code(sent, location), sent)


@pytest.mark.parametrize("where", ["authorize", "logout", "sign-in"])
@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "https:evil.example", "/\\evil.example"])
def test_nothing_leads_elsewhere(party: RelyingParty, visitor: Visitor, where: str, evil: str) -> None:
    """Neither an error nor the end nor the sign-in is an open redirect."""
    sent = party.request(redirect_uri=evil, prompt="none")
    addresses = {
        "authorize": f"/oidc/authorize?{urlencode(sent.parameters)}",
        "logout": f"/oidc/logout?{urlencode({'client_id': 'service', 'post_logout_redirect_uri': evil})}",
        "sign-in": f"/connexion/?{urlencode({'suite': evil})}",
    }
    visitor.visit(addresses[where])
    assert not visitor.left_for
    assert "evil.example" not in "".join(href for _, href in visitor.page.links)
    if where == "sign-in":
        assert not visitor.sign_in().left_for


@pytest.mark.parametrize(
    "parameters",
    [{}, {"prompt": "none"}, {"response_type": "token"}, {"scope": "x"}, {"request": "x"}, {"max_age": "x"}],
    ids=str,
)
def test_every_answer_names_its_issuer(party: RelyingParty, visitor: Visitor, parameters: dict[str, str]) -> None:
    """RFC 9207: on success **and** on error, or two providers can be mixed up."""
    sent = party.request(**parameters)
    visitor.bring(sent)
    answer = dict(parse_qsl(urlsplit(visitor.left_for or arrive(visitor)).query))
    assert answer["iss"] == party.metadata()["issuer"]


def test_turning_back_and_refusing_name_the_issuer_too(account: Account, visitor: Visitor) -> None:
    """RFC 9207."""
    party = standard(skip_authorization=False)
    sent = party.request()
    visitor.bring(sent).sign_in().press("Refuser")
    answer = party.callback(sent, visitor.left_for)
    assert (answer["error"], answer["iss"]) == ("access_denied", party.issuer)
    fc = franceconnect()
    sent = fc.request()
    visitor.bring(sent).press("Retourner sur FranceConnect")
    assert fc.callback(sent, visitor.left_for)["error"] == "access_denied"


STATES = [
    '"><script>alert(1)</script>', "a&code=stolen&x=", "a#b", "a%26code%3Dx", "é ü €", "a+b c", "a;b=c", "a=b=c",
    "\u202e", "%00", "x" * 2048, "'\"`", "{{7*7}}", "\\",
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state[:12].encode("unicode_escape").decode())
def test_the_state_comes_back_as_it_went_and_is_written_nowhere_else(
    account: Account, visitor: Visitor, state: str
) -> None:
    """Echoed, escaped, on every way back."""
    party = standard(skip_authorization=False)
    sent = party.request(state=state)
    visitor.bring(sent)
    if visitor.left_for:
        # Refused for what stands in it, and still given back.
        assert party.callback(sent, visitor.left_for)["error"] == "invalid_request"
        return
    for page in (visitor, visitor.sign_in()):
        html = page.response.content.decode()
        assert "<script>alert" not in html
        for _, href in page.page.links:
            if href.startswith(CALLBACK):
                assert party.callback(sent, href)["error"] == "access_denied"
    visitor.agree()
    assert party.code(sent, visitor.left_for)


def test_a_bad_request_s_page_repeats_nothing_of_it(party: RelyingParty) -> None:
    """No reflected text: neither the client's name nor an address of a stranger's choice."""
    evil = '"><script>alert(1)</script>'
    for changes in ({"client_id": evil}, {"redirect_uri": evil}, {"redirect_uri": "https://evil.example/x"}):
        answer = Browser().get("/oidc/authorize", party.request(**changes).parameters)
        assert answer.status_code == 400
        assert "alert(1)" not in answer.content.decode()
        assert "evil.example" not in answer.content.decode()
