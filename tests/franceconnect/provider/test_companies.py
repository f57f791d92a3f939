"""A company's account tells no service anything: a page says so, and nothing is sent (R1, R2, J04)."""

import pytest

from franceconnect.models import Consent, Grant
from tests.companies import SIRET, a_company
from tests.members import LAMY, OWN_PASSWORD
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor

pytestmark = [pytest.mark.django_db]
TITLE = "Le compte d'une entreprise n'ouvre pas ce service"


def comes(visitor: Visitor) -> Visitor:
    """By the form of the request's own page."""
    visitor.press("Se connecter", login_id=SIRET, password=OWN_PASSWORD)
    return visitor


@pytest.mark.parametrize("whose", ["fc", "party"])
def test_it_signs_in_and_reads_why_not(whose: str, request: pytest.FixtureRequest, visitor: Visitor) -> None:
    """J04: for FranceConnect and for any other service."""
    service: RelyingParty = request.getfixturevalue(whose)
    a_company()
    comes(visitor.bring(service.request()))
    assert visitor.title == TITLE
    assert not visitor.left_for
    assert not Grant.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("whose", ["fc", "party"])
def test_it_goes_back_with_a_no(whose: str, request: pytest.FixtureRequest, visitor: Visitor) -> None:
    service: RelyingParty = request.getfixturevalue(whose)
    a_company()
    comes(visitor.bring(service.request())).press("Retourner sur")
    assert "error=access_denied" in visitor.left_for


def test_no_page_of_the_way_opens_behind_it(party: RelyingParty, visitor: Visitor) -> None:
    """Not by an address that is typed: all of them lead back to the reason."""
    a_company()
    comes(visitor.bring(party.request()))
    base = visitor.path.rstrip("/").rpartition("/")[0]
    for page in ("", "mot-de-passe/", "coordonnees/", "coordonnees/email/", "autorisation/"):
        visitor.visit(f"{base}/{page}")
        assert not visitor.left_for, page
        assert visitor.title == TITLE or visitor.response.status_code == 404, page
    assert not Grant.objects.exists()


def test_an_open_session_of_a_company_leads_to_the_same_page(party: RelyingParty, visitor: Visitor) -> None:
    """R15: the portal's session counts, and is a company's."""
    a_company()
    comes(visitor.visit("/connexion/entreprise/"))
    assert visitor.bring(party.request()).title == TITLE


def test_who_wants_no_page_hears_that_one_is_needed(party: RelyingParty, visitor: Visitor) -> None:
    """Core, 3.1.2.6."""
    a_company()
    comes(visitor.visit("/connexion/entreprise/"))
    visitor.bring(party.request(prompt="none"))
    assert "error=interaction_required" in visitor.left_for


def test_a_member_signs_in_in_its_place(party: RelyingParty, visitor: Visitor) -> None:
    """The way on: the number of a person."""
    a_company()
    sent = party.request()
    comes(visitor.bring(sent)).follow("Me connecter avec mon numéro")
    visitor.press("Se connecter", login_id=LAMY, password=OWN_PASSWORD)
    assert party.code(sent, visitor.left_for)
