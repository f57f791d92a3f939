"""A service of the standards beside the plans: what it may ask for, and members who are met by a duty on the way.

J11, R15, D01, E01; Core, 3.1.2, 5.5.1.1; issue 3 no. 1 and 6.
"""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from time_machine import Traveller

from accounts.models import Account
from tests.members import A_MOMENT, NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor, arrive, whole_flow
from tests.stories.signing_in import temporary_password

pytestmark = [pytest.mark.django_db]


def error_of(party: RelyingParty, visitor: Visitor, **parameters: str | None) -> str:
    sent = party.request(**parameters)
    return party.callback(sent, visitor.bring(sent).left_for)["error"]


def essential_acr(**wanted: object) -> str:
    return json.dumps({"id_token": {"acr": {"essential": True, **wanted}}})


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"prompt": "none consent"}, "invalid_request"),
        ({"prompt": "soon"}, "invalid_request"),
        ({"max_age": "a while"}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"claims": essential_acr(values=["eidas2", "eidas3"])}, "unmet_authentication_requirements"),
        ({"claims": essential_acr(value="eidas3")}, "unmet_authentication_requirements"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said(
    party: RelyingParty, visitor: Visitor, parameters: dict[str, str], error: str
) -> None:
    assert error_of(party, visitor, **parameters) == error


@pytest.mark.parametrize("wanted", [{}, {"value": "eidas1"}, {"values": ["eidas3", "eidas1"]}, {"values": []}], ids=str)
def test_an_essential_level_that_we_have_is_given(party: RelyingParty, visitor: Visitor, wanted: dict) -> None:
    """Core, 5.5.1.1; one of none is what nobody can give."""
    sent = party.request(claims=essential_acr(**wanted))
    visitor.bring(sent)
    if wanted.get("values") == []:
        assert party.callback(sent, visitor.left_for)["error"] == "unmet_authentication_requirements"
    else:
        assert party.redeem(party.code(sent, arrive(visitor)), sent).claims["acr"] == "eidas1"


def test_prompt_consent_asks_each_time(account: Account, visitor: Visitor) -> None:
    party = standard(skip_authorization=False)
    whole_flow(party, visitor)
    sent = party.request(prompt="consent")
    visitor.bring(sent)
    assert visitor.offers("Autoriser")
    assert party.code(sent, visitor.agree().left_for)


def test_prompt_select_account_lets_somebody_else_sign_in(party: RelyingParty, visitor: Visitor) -> None:
    whole_flow(party, visitor)
    visitor.bring(party.request(prompt="select_account"))
    assert visitor.offers("Se connecter")


def test_a_portal_session_that_is_idle_too_long_is_none(
    party: RelyingParty, visitor: Visitor, held_clock: Traveller
) -> None:
    """R14."""
    whole_flow(party, visitor)
    held_clock.shift(settings.SESSION_IDLE + timedelta(seconds=1))
    assert error_of(party, visitor, prompt="none") == "login_required"


@pytest.fixture
def newcomer(db: None) -> str:
    """Somebody with a temporary password, who has confirmed nothing yet."""
    return temporary_password(an_account(password=None))


def do_the_duties(visitor: Visitor) -> None:
    visitor.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    visitor.press("Je confirme mes coordonnées")


def test_duties_are_done_on_the_way_and_the_request_goes_on(newcomer: str, visitor: Visitor) -> None:
    """D01, E01."""
    party = standard()
    sent = party.request()
    visitor.bring(sent).sign_in(password=newcomer).sees("Votre mot de passe est temporaire")
    do_the_duties(visitor)
    assert party.redeem(party.code(sent, visitor.left_for), sent)
    # A standard client shares the portal's session (R15).
    assert visitor.visit("/mon-espace/").path == "/mon-espace/"


def test_duties_left_undone_in_the_portal_are_done_on_the_way(newcomer: str, visitor: Visitor) -> None:
    """D01: somebody who stopped there and then comes by way of a service keeps the service's request."""
    party = standard()
    visitor.visit("/connexion/").sign_in(password=newcomer).sees("Votre mot de passe est temporaire")
    sent = party.request()
    visitor.bring(sent).sees("Votre mot de passe est temporaire")
    do_the_duties(visitor)
    assert party.code(sent, visitor.left_for)


def test_duties_are_no_answer_to_prompt_none(newcomer: str, visitor: Visitor) -> None:
    """Core, 3.1.2.6: an error, never a page."""
    party = standard()
    visitor.visit("/connexion/").sign_in(password=newcomer)
    assert error_of(party, visitor, prompt="none") in ("interaction_required", "login_required")


def test_a_duty_in_the_portal_does_not_stand_in_franceconnect_s_way(newcomer: str, visitor: Visitor) -> None:
    """R15: its sign-in is its own, whatever waits in the portal."""
    visitor.visit("/connexion/").sign_in(password=newcomer)
    visitor.bring(franceconnect().request())
    assert visitor.offers("Se connecter")
    assert "Je me connecte avec mon compte msa.fr" in visitor.text


def test_a_member_whose_sessions_were_ended_meanwhile_signs_in_again(account: Account, visitor: Visitor) -> None:
    """A password changed elsewhere ends what waits here (R13); the request itself goes on."""
    party = standard(skip_authorization=False)
    sent = party.request()
    consent = visitor.bring(sent).sign_in().path
    account.set_password(NEXT_PASSWORD)
    account.save()
    visitor.visit(consent)
    assert not visitor.left_for
    visitor.sign_in(password=NEXT_PASSWORD).agree()
    assert party.redeem(party.code(sent, visitor.left_for), sent)


def test_so_does_a_member_on_the_way_to_franceconnect(visitor: Visitor) -> None:
    """R13, R15: nobody reads the page of whoever was signed in before, and the right password leads on."""
    account = an_account(email_proven_at=None)
    fc = franceconnect()
    sent = fc.request()
    conditions = visitor.bring(sent).sign_in().path
    account.session_generation += 1
    account.email_proven_at = A_MOMENT
    account.save()
    visitor.visit(conditions)
    assert visitor.path.endswith("/connexion/")
    assert fc.redeem(fc.code(sent, visitor.sign_in().left_for), sent)


def test_what_is_given_to_one_service_is_nothing_to_another(party: RelyingParty, visitor: Visitor) -> None:
    """A code, a token, a hint of another client."""
    other = standard(client_id="an-other", redirect_uris=["https://autre.example/retour"])
    tokens = whole_flow(party, visitor)
    assert error_of(other, visitor, prompt="none", id_token_hint=tokens.id_token) == "invalid_request"
    sent = party.request()
    code = party.code(sent, visitor.bring(sent).left_for)
    assert other.ask_for_tokens(code, sent).json()["error"] == "invalid_grant"
    assert whole_flow(other, visitor).claims["sub"] != tokens.claims["sub"], "pairwise (Core, 8.1)"
