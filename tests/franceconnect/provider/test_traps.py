"""Traps that the toolkit itself holds, one regression test each (J01, R15; libraries, 2.2)."""

import base64
from urllib.parse import quote, urlencode

import pytest
from django.test import Client as Browser

from accounts.models import Account, Event
from franceconnect.models import Client, Grant
from tests.members import LAMY, OWN_PASSWORD
from tests.oidc.clients import CALLBACK, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, new_code, whole_flow
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize(
    "path",
    [
        "applications/", "applications/register/", "applications/1/", "authorized_tokens/", "introspect/", "introspect",
        "device-authorization/", "device/", "register/", "register", "authorize/", "token/", "revoke_token/",
        ".well-known/openid-configuration/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("room", ["", "o/", "oidc/", "oauth2/"])
def test_the_toolkit_s_own_pages_are_not_here(account: Account, visitor: Visitor, room: str, path: str) -> None:
    """No. 1: any member could register a client."""
    visitor.visit("/connexion/").sign_in()
    for answer in (visitor.client.get(f"/{room}{path}"), visitor.client.post(f"/{room}{path}")):
        assert answer.status_code in (403, 404), answer
    assert not Client.objects.exists()


@pytest.mark.parametrize("password", [OWN_PASSWORD, "Faux-Mot-9"])
@pytest.mark.parametrize("grant_type", ["password", "client_credentials", "refresh_token", "implicit", "", "\u00e9"])
def test_no_other_grant_tells_anything_of_a_password(party: RelyingParty, grant_type: str, password: str) -> None:
    """No. 2: the answer to a good password differed from that to a bad one."""
    form = {"grant_type": grant_type, "username": LAMY, "password": password, "refresh_token": "x"}
    answer = party.authenticated("token_endpoint", form)
    assert answer.status == 400
    assert answer.json()["error"] in ("unsupported_grant_type", "invalid_request")
    assert not happened(Event.SIGN_IN_REFUSED)
    assert not happened(Event.SIGN_IN_SUCCEEDED)


BAD = {
    "NUL": "a\x00b",
    "a line break": "a\r\nX-Evil: 1",
    "control": "a\x1b[31mb",
    "very long": "x" * 20_000,
    "not UTF-8": "%ff%fe%c3%28",
    "the end of the plane": "\U0010ffff\ud7ff\ufdd0",
    "an array": "a&{name}=b",
    "brackets": '["a"]',
}


NAMES = [
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age",
    "acr_values", "claims", "code_challenge", "code_challenge_method", "id_token_hint", "login_hint", "ui_locales",
    "display", "request", "request_uri",
]  # fmt: skip


def with_one(values: dict[str, str], name: str, bad: str) -> str:
    """The parameters with a bad one among them, as bytes on the wire."""
    written = bad if bad.startswith("%") else quote(bad, safe="&=" if "{name}" in bad else "")
    rest = urlencode({key: value for key, value in values.items() if key != name}, quote_via=quote)
    return f"{rest}&{name}={written.replace('{name}', name).replace('%7Bname%7D', name)}"


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_of_the_request_breaks_the_page(party: RelyingParty, name: str, bad: str) -> None:
    """No. 3: nonce, code_challenge, client_id… were a 500."""
    query = with_one(party.request().parameters, name, BAD[bad])
    for path in ("/oidc/authorize", "/oidc/logout"):
        answer = Browser().get(f"{path}?{query}")
        assert answer.status_code in (200, 302, 303, 400), answer
        posted = Browser().post(path, query, content_type=FORM)
        assert posted.status_code in (200, 302, 303, 400), posted
        assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "name", ["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "token",
             "client_assertion", "client_assertion_type", "token_type_hint", "access_token", "scope"],
)  # fmt: skip
def test_no_parameter_of_the_other_endpoints_breaks_them(party: RelyingParty, name: str, bad: str) -> None:
    """No. 3: the code was a 500."""
    form = {
        "grant_type": "authorization_code", "code": "x" * 43, "redirect_uri": CALLBACK, "client_id": "service",
        "client_secret": party.secret, "code_verifier": "v" * 43, "token": "t",
    }  # fmt: skip
    body = with_one(form, name, BAD[bad])
    for path in ("/oidc/token", "/oidc/revoke", "/oidc/userinfo"):
        answer = Browser().post(path, body, content_type=FORM)
        assert answer.status_code in (200, 400, 401), (path, answer)
        assert Browser().get(f"{path}?{body}").status_code in (400, 401, 405)


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer \xe9\xff", "Bearer a b", "Basic", "Basic !", "Basic w6k=", "Basic AA==",
     "Basic AAA6AAA=", "Basic /////w==", "Digest x", "bearer x", "Bearer " + "x" * 9000],
)  # fmt: skip
def test_no_authorization_header_breaks_anything(account: Account, authorization: str) -> None:
    standard()
    for path in ("/oidc/token", "/oidc/userinfo", "/oidc/revoke"):
        answer = Browser().post(path, "grant_type=authorization_code&code=x&token=x", content_type=FORM,
                                headers={"Authorization": authorization})  # fmt: skip
        assert answer.status_code in (400, 401), (path, answer)


@pytest.mark.parametrize("signed_in", [True, False])
def test_prompt_none_is_an_answer(party: RelyingParty, visitor: Visitor, signed_in: bool) -> None:
    """No. 3: a 500, signed in or not."""
    if signed_in:
        visitor.visit("/connexion/").sign_in()
    sent = party.request(prompt="none")
    answer = party.callback(sent, visitor.bring(sent).left_for)
    assert answer["code"] if signed_in else answer["error"] == "login_required"


def test_prompt_none_without_consent_is_an_answer_as_well(account: Account, visitor: Visitor) -> None:
    """Core, 3.1.2.6."""
    party = standard(skip_authorization=False)
    visitor.visit("/connexion/").sign_in()
    sent = party.request(prompt="none")
    assert party.callback(sent, visitor.bring(sent).left_for)["error"] == "consent_required"


def test_an_id_token_opens_nothing(party: RelyingParty, visitor: Visitor) -> None:
    """No. 4: it was taken for an access token."""
    tokens = whole_flow(party, visitor)
    assert party.ask_who(tokens.id_token).status == 401
    assert party.ask_who(tokens.access_token).status == 200


@pytest.mark.parametrize(
    "skipped",
    [{"prompt": "login"}, {"max_age": "0"}, {"acr_values": "eidas3"}, {"code_challenge": None}, {"scope": "profile"}],
    ids=str,
)
def test_a_check_cannot_be_skipped_by_posting(party: RelyingParty, visitor: Visitor, skipped: dict[str, str]) -> None:
    """No. 5: the consent form carried the request in hidden fields, and its POST checked nothing."""
    visitor.visit("/connexion/").sign_in()
    sent = party.request(**skipped)
    by_link = visitor.bring(sent)
    link = (by_link.path.rpartition("demande")[0], by_link.left_for.partition("?")[0], by_link.offers("Se connecter"))
    visitor._show(
        visitor.client.post(
            "/oidc/authorize", urlencode({**sent.parameters, "allow": "Autoriser", "consent": "1"}), content_type=FORM
        ),
        "/oidc/authorize",
    )
    posted = (visitor.path.rpartition("demande")[0], visitor.left_for.partition("?")[0], visitor.offers("Se connecter"))
    assert posted == link


def test_the_consent_page_cannot_be_posted_around_the_sign_in(account: Account, visitor: Visitor) -> None:
    """No. 5: prompt=login holds for the pages on the way too."""
    party = standard(skip_authorization=False)
    visitor.visit("/connexion/").sign_in()
    sent = party.request(prompt="login")
    visitor.bring(sent)
    base = visitor.path.rpartition("connexion/")[0]
    token = next(form.values["csrfmiddlewaretoken"] for form in visitor.page.forms if "password" in form.names)
    visitor._show(
        visitor.client.post(
            f"{base}autorisation/", urlencode({"allow": "1", "csrfmiddlewaretoken": token}), content_type=FORM
        ),
        base,
    )
    assert not visitor.left_for
    assert visitor.offers("Se connecter")
    assert not Grant.objects.exists()


def test_a_token_in_the_address_is_refused(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 9700, 4.3.2: addresses end in logs."""
    tokens = whole_flow(party, visitor)
    assert Browser().get("/oidc/userinfo", {"access_token": tokens.access_token}).status_code in (400, 401)
    assert Browser().post(f"/oidc/userinfo?access_token={tokens.access_token}").status_code in (400, 401)


def test_a_secret_or_a_code_in_the_address_is_refused(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 6749, 2.3.1 and 3.2."""
    sent, code = new_code(party, visitor)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": sent.verifier,
        "client_id": "service", "client_secret": party.secret,
    }  # fmt: skip
    assert Browser().post(f"/oidc/token?{urlencode(form)}", "", content_type=FORM).status_code in (400, 401)
    assert Browser().get("/oidc/token", form).status_code == 405
    assert party.redeem(code, sent)


def test_a_parameter_of_the_token_call_that_comes_twice_is_refused(party: RelyingParty, visitor: Visitor) -> None:
    """RFC 6749, 3.2: « MUST NOT be included more than once »."""
    sent, code = new_code(party, visitor)
    basic = base64.b64encode(f"service:{party.secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": sent.verifier}
    answer = Browser().post(
        "/oidc/token", f"{urlencode(form)}&code=x&code={code}", content_type=FORM,
        headers={"Authorization": f"Basic {basic}"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
