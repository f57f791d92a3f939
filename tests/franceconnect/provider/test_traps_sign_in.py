"""Who signs in, for which request, in which browser: nothing to be walked around, planted or mixed up (R15; FI 4)."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from accounts.models import Account, Event
from franceconnect.models import Consent, Grant
from tests.enrolment.threads import at_once
from tests.members import LAMY, OWN_PASSWORD, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.tokens import Unacceptable
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, arrive, whole_flow
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db]


def test_prompt_login_cannot_be_walked_around(party: RelyingParty, visitor: Visitor) -> None:
    """By no address that the member can open instead: the toolkit dropped `prompt` from `next`."""
    visitor.visit("/connexion/").sign_in()
    sent = party.request(prompt="login")
    page = visitor.bring(sent).path
    base = page.rpartition("connexion/")[0]
    query = urlencode(sent.parameters)
    for path in (
        base, f"{base}autorisation/", f"{base}conditions/", f"{base}coordonnees/", f"{base}mot-de-passe/",
        f"/connexion/?{urlencode({'suite': base})}", f"/connexion/?{urlencode({'next': f'/oidc/authorize?{query}'})}",
        f"/connexion/?{urlencode({'suite': f'/oidc/authorize?{query}'})}",
    ):  # fmt: skip
        visitor.visit(path)
        assert not visitor.left_for, path
    assert not Grant.objects.exists()
    visitor.visit(page).sign_in()
    assert party.code(sent, visitor.left_for)


def test_a_sign_in_elsewhere_does_not_answer_prompt_login_of_another_request(
    party: RelyingParty, visitor: Visitor
) -> None:
    """Each request that demands it has its own sign-in."""
    first, second = party.request(prompt="login"), party.request(prompt="login")
    page = visitor.bring(first).path
    visitor.bring(second).sign_in()
    assert party.code(second, visitor.left_for)
    visitor.visit(page.rpartition("connexion/")[0])
    assert not visitor.left_for


def test_the_session_s_name_changes_with_the_sign_in(party: RelyingParty, visitor: Visitor) -> None:
    """Session fixation: a session that was planted beforehand is not the one that is signed in."""
    visitor.visit("/inscription/").bring(party.request())
    name = settings.SESSION_COOKIE_NAME
    visitor.client.session["planted"] = True
    session = visitor.client.session
    session["planted"] = True
    session.save()
    visitor.client.cookies[name] = planted = session.session_key
    visitor.bring(party.request())
    visitor.sign_in()
    assert visitor.client.cookies[name].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Browser()
    thief.cookies[name] = planted
    assert thief.get("/mon-espace/").status_code == 302


def test_a_federation_sign_in_cannot_be_planted(fc: RelyingParty) -> None:
    """The thief begins and lures the victim to the page: another browser sees nothing, its sign-in serves nobody."""
    thief, victim = Visitor("198.51.100.1"), Visitor()
    sent = fc.request()
    page = thief.bring(sent).path
    assert victim.visit(page).response.status_code == 410
    assert not any("password" in form.names for form in victim.page.forms)
    with_form = Visitor("192.0.2.44").bring(fc.request())
    token = next(form.values["csrfmiddlewaretoken"] for form in with_form.page.forms if "password" in form.names)
    answer = with_form.client.post(
        page, urlencode({"login_id": LAMY, "password": OWN_PASSWORD, "csrfmiddlewaretoken": token}), content_type=FORM
    )
    assert answer.status_code == 410
    assert thief.visit(page.rpartition("connexion/")[0]).left_for == ""
    assert not Grant.objects.exists()


@pytest.mark.parametrize("path", ["connexion/", "autorisation/", "mot-de-passe/", "coordonnees/"])
def test_another_site_cannot_post_our_pages_forms(account: Account, visitor: Visitor, path: str) -> None:
    """CSRF: without the page's own token nothing happens, for either kind of client."""
    for party in (standard(skip_authorization=False), franceconnect()):
        visitor.bring(party.request())
        base = visitor.path.rpartition("connexion/")[0]
        form = {"login_id": LAMY, "password": OWN_PASSWORD, "allow": "1", "csrfmiddlewaretoken": "x" * 64}
        headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
        answer = visitor.client.post(f"{base}{path}", urlencode(form), content_type=FORM, headers=headers)
        assert not answer.get("Location", "").startswith(("https://service", "https://fcp"))
    assert not Grant.objects.exists()
    assert not Consent.objects.exists()
    assert not happened(Event.SIGN_IN_SUCCEEDED)


def test_the_sign_out_confirmation_cannot_be_posted_from_elsewhere(party: RelyingParty, visitor: Visitor) -> None:
    whole_flow(party, visitor)
    answer = visitor.client.post("/oidc/logout/confirmer", "", content_type=FORM)
    assert answer.status_code in (200, 403)
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"


def test_a_whole_request_that_is_replayed_is_a_new_request(fc: RelyingParty, visitor: Visitor) -> None:
    """Another code each time, and for FranceConnect another sign-in; what is over stays over."""
    sent = fc.request()
    first = fc.code(sent, arrive(visitor.bring(sent)))
    page = visitor.path
    visitor.bring(sent)
    assert not visitor.left_for
    assert visitor.path != page
    second = fc.code(sent, arrive(visitor))
    assert first != second
    assert fc.redeem(first, sent).claims["sub"] == fc.redeem(second, sent).claims["sub"]


def test_a_request_is_answered_once(fc: RelyingParty, visitor: Visitor) -> None:
    """Back and reload give no second code."""
    sent = fc.request()
    page = visitor.bring(sent).path
    visitor.sign_in()
    assert fc.code(sent, visitor.left_for)
    for path in (page, page.rpartition("connexion/")[0]):
        visitor.visit(path)
        assert not visitor.left_for
        assert visitor.response.status_code == 410
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("kind", [franceconnect, standard])
def test_two_tabs_each_end_at_their_own_callback(account: Account, visitor: Visitor, kind: Any) -> None:
    """Each with its state, whatever order they are finished in."""
    party, other = kind(), standard(client_id="an-other", redirect_uris=["https://autre.example/retour"])
    one, two, three = party.request(), other.request(), party.request()
    pages = {sent.url: visitor.bring(sent).path for sent in (one, two, three)}
    for sent, whose in ((two, other), (three, party), (one, party)):
        visitor.visit(pages[sent.url])
        if not visitor.left_for and visitor.offers("Se connecter"):
            visitor.sign_in()
        assert whose.redeem(whose.code(sent, visitor.left_for), sent)


def test_an_answer_of_one_request_is_no_answer_to_another(party: RelyingParty, visitor: Visitor) -> None:
    """The relying party's own check, so that the test above can fail."""
    one, two = party.request(), party.request()
    location = arrive(visitor.bring(one))
    with pytest.raises(Unacceptable, match="another state"):
        party.code(two, location)
    stolen = location.replace(one.parameters["state"], two.parameters["state"])
    # Without the verifier of the request that it answers a code is worth nothing.
    assert party.ask_for_tokens(party.code(two, stolen), two).json()["error"] == "invalid_grant"


@pytest.mark.django_db(transaction=True)
def test_one_sign_in_sent_twice_at_once_gives_one_code(db: None) -> None:
    """A double click on « Se connecter »."""
    an_account()
    fc, visitor = franceconnect(), Visitor()
    visitor.bring(fc.request())
    form = next(form for form in visitor.page.forms if "password" in form.names)
    body = urlencode({**form.values, "login_id": LAMY, "password": OWN_PASSWORD})

    def click() -> str:
        tab = Browser(REMOTE_ADDR="192.0.2.10", enforce_csrf_checks=True)
        tab.cookies = visitor.client.cookies.copy()
        return tab.post(visitor.path, body, content_type=FORM).get("Location", "")

    answers = at_once(click, click, click)
    assert sum("code=" in answer for answer in answers) == 1
    assert Grant.objects.count() == 1
