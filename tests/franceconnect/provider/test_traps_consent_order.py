"""Nobody agrees before their turn, in another's name, to FranceConnect, or to a request that is over (I06 to I09)."""

from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from time_machine import Traveller

from accounts.models import Account, Event
from franceconnect.models import Consent, Grant
from tests.enrolment.threads import at_once
from tests.members import GARCIN, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.transport import FORM
from tests.oidc.visitor import Visitor, arrive, whole_flow
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db]
YES = {"allow": "1"}


@pytest.fixture
def party(account: Account) -> RelyingParty:
    return standard(skip_authorization=False)


@pytest.fixture
def garcin(account: Account) -> Account:
    return an_account(a_member(GARCIN, birth_name="GARCIN"), email="garcin@example.org")


def hint_of_lamy(party: RelyingParty) -> str:
    """An id_token that this client holds of Lamy, whose consent is taken back again, so that any row is another's."""
    hint = whole_flow(party, Visitor("192.0.2.30")).id_token
    Consent.objects.all().delete()
    Grant.objects.all().delete()
    return hint


def nothing_is_kept() -> bool:
    return not Consent.objects.exists() and not Grant.objects.exists()


def test_who_signs_in_instead_of_the_one_named_agrees_to_nothing(
    party: RelyingParty, garcin: Account, visitor: Visitor
) -> None:
    """Core, 3.1.2.2: `login_required`, once; the page of consent was a 500, and its form kept a consent."""
    sent = party.request(id_token_hint=hint_of_lamy(party))
    visitor.visit("/connexion/").sign_in(GARCIN)
    sign_in, consent = visitor.bring(sent).path, visitor.way("autorisation/")
    assert sign_in.endswith("/connexion/")
    assert visitor.visit(consent).path == sign_in
    assert visitor.send(consent, **YES).path == sign_in
    visitor.sign_in(GARCIN)
    assert party.callback(sent, visitor.left_for)["error"] == "login_required"
    assert visitor.visit(consent).response.status_code == 410
    assert visitor.send(consent, **YES).response.status_code == 410
    assert nothing_is_kept()


def test_who_takes_over_the_session_agrees_to_nothing_for_the_one_named(
    party: RelyingParty, garcin: Account, visitor: Visitor
) -> None:
    """Lamy is named and signs in, leaves the page of consent open; Garcin presses its button."""
    visitor.bring(party.request(id_token_hint=hint_of_lamy(party))).sign_in()
    consent = visitor.path
    visitor.visit("/mon-espace/").press("Se déconnecter").visit("/connexion/").sign_in(GARCIN)
    for asked in (visitor.visit(consent), visitor.send(consent, **YES)):
        assert asked.path == consent.replace("autorisation/", "connexion/")
    assert nothing_is_kept()


@pytest.mark.parametrize("parameters", [{"prompt": "login"}, {"prompt": "login consent"}, {"max_age": "0"}], ids=str)
def test_a_sign_in_that_was_demanded_comes_before_the_consent(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller, parameters: dict[str, str]
) -> None:
    """Core, 3.1.2.1: the live session is not what was asked for; its consent was kept all the same."""
    visitor.visit("/connexion/").sign_in()
    held_clock.shift(1)
    sign_in, consent = visitor.bring(party.request(**parameters)).path, visitor.way("autorisation/")
    assert sign_in.endswith("/connexion/")
    assert visitor.visit(consent).path == sign_in
    assert visitor.send(consent, **YES).path == sign_in
    assert not visitor.left_for
    assert nothing_is_kept()


@pytest.mark.parametrize("signed_in", [False, True])
def test_franceconnect_asks_for_no_consent_and_is_given_none(visitor: Visitor, signed_in: bool) -> None:
    """J13: its conditions are others; a row of consent would be shown to the member as theirs."""
    an_account(email_proven_at=None)
    visitor.visit("/connexion/").sign_in()
    page = visitor.bring(franceconnect().request()).path
    if signed_in:
        page = visitor.sign_in().path
        assert page.endswith("/conditions/")
    consent = visitor.way("autorisation/")
    assert visitor.visit(consent).path == page
    assert visitor.send(consent, **YES).path == page
    assert visitor.send(consent, refuse="1").path == page
    assert not visitor.left_for
    assert nothing_is_kept()


def test_a_yes_that_is_sent_twice_is_one_yes(party: RelyingParty, visitor: Visitor) -> None:
    """One transaction: the second finds the request answered and keeps nothing."""
    sent = party.request(scope="openid email")
    consent = visitor.bring(sent).sign_in().path
    assert party.code(sent, visitor.send(consent, **YES).left_for)
    Consent.objects.all().delete()
    assert visitor.send(consent, **YES).response.status_code == 410
    assert not Consent.objects.exists()
    assert Grant.objects.count() == 1
    assert len(happened(Event.CONSENT_GIVEN)) == 1


def test_a_yes_after_one_has_turned_back_is_none(party: RelyingParty, visitor: Visitor) -> None:
    """The page of consent in one window, the way back in another."""
    sent = party.request(scope="openid email")
    consent = visitor.bring(sent).sign_in().path
    assert party.callback(sent, visitor.send(visitor.way("retour/")).left_for)["error"] == "access_denied"
    assert visitor.send(consent, **YES).response.status_code == 410
    assert nothing_is_kept()


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_are_one_answer(db: None) -> None:
    """A consent stands exactly where a code was given."""
    an_account()
    party, visitor = standard(skip_authorization=False), Visitor()
    visitor.bring(party.request(scope="openid email")).sign_in()
    (token,) = {form.values["csrfmiddlewaretoken"] for form in visitor.page.forms}

    def press(button: str) -> str:
        tab = Browser(REMOTE_ADDR="192.0.2.10", enforce_csrf_checks=True)
        tab.cookies = visitor.client.cookies.copy()
        body = urlencode({button: "1", "csrfmiddlewaretoken": token})
        return tab.post(visitor.path, body, content_type=FORM).get("Location", "")

    answers = at_once(*[lambda button=button: press(button) for button in ("allow", "refuse") * 3])
    given = sum("code=" in answer for answer in answers)
    assert given + sum("error=access_denied" in answer for answer in answers) == 1
    assert Grant.objects.count() == Consent.objects.count() == given


def test_a_consent_is_for_what_was_shown(party: RelyingParty, visitor: Visitor) -> None:
    """The control: pressed in its turn it is kept, with what stood on the page, and serves silently next time."""
    sent = party.request(scope="openid email")
    arrive(visitor.bring(sent).sign_in())
    assert Consent.objects.get().shared.split() == ["email", "openid"]
    silent = party.request(scope="openid email", prompt="none")
    assert party.code(silent, visitor.bring(silent).left_for)
