"""Where FranceConnect is offered, and where it is not (I02, C08, C09, C11, B29, FI 26)."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from franceconnect.client import availability
from tests.oidc.clients import franceconnect
from tests.oidc.visitor import Visitor
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
BUTTON = "S'identifier avec FranceConnect"


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.FRANCECONNECT_ISSUER = "https://franceconnect.example/api/v2"


def where_to(caller: Caller) -> str:
    return dict(caller.page.links)[BUTTON]


def test_the_sign_in_page_offers_it_below_its_own_form() -> None:
    """I02, C08, C11: « ou », the button, « Qu'est-ce que FranceConnect ? »."""
    caller = Caller().visit("/connexion/")
    places = [caller.text.rindex(each) for each in ("J'ai oublié mon mot de passe", BUTTON, "Qu'est-ce que France")]
    assert places == sorted(places)
    assert " ou FranceConnect est le système de l'État" in caller.text
    assert where_to(caller) == "/franceconnect/connexion/"
    assert caller.follow("Qu'est-ce que FranceConnect ?").path == "/franceconnect/"


def test_it_leads_on_to_where_the_member_was_going() -> None:
    """I02: only inside the portal."""
    assert (
        where_to(Caller().visit("/connexion/?suite=/mon-compte/")) == "/franceconnect/connexion/?suite=%2Fmon-compte%2F"
    )
    assert where_to(Caller().visit("/connexion/?suite=//evil.example/")) == "/franceconnect/connexion/"


def test_it_stays_after_a_mistake_in_the_form() -> None:
    """C08."""
    caller = Caller().visit("/connexion/").press("Se connecter")
    assert caller.offers(BUTTON)


def test_the_registration_offers_it_where_it_begins() -> None:
    """B29, FS 19: also on the page where an account is created."""
    assert Caller().visit("/inscription/").offers(BUTTON)


def test_a_breakdown_leaves_every_other_way_open() -> None:
    """Issue 4, « The client » 1."""
    availability.note_failure()
    for path in ("/connexion/", "/inscription/profil/"):
        caller = Caller().visit(path).sees("FranceConnect ne répond pas en ce moment.")
        assert not caller.offers(BUTTON)
        assert caller.page.forms


def test_without_franceconnect_the_page_says_so(settings: Any) -> None:
    """Issue 4, « The client » 1."""
    settings.FRANCECONNECT_ISSUER = ""
    caller = Caller().visit("/connexion/").sees("Ce site ne propose pas encore FranceConnect.")
    assert not caller.offers(BUTTON)


def test_the_federation_s_own_sign_in_page_has_no_button() -> None:
    """FI 26: it would lead in a circle."""
    visitor = Visitor()
    visitor.bring(franceconnect().request())
    visitor.sees("Je me connecte avec mon compte msa.fr")
    assert BUTTON not in visitor.text


def test_the_button_asks_the_database_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """R22: a sign-in page costs what it cost; its process has looked for a banner a moment ago."""
    Caller().visit("/connexion/")
    with django_assert_num_queries(0):
        Caller().visit("/connexion/")
