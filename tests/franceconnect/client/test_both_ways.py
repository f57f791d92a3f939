"""MSA is FranceConnect's service and a provider: neither is mistaken for the other (FS 21, FI 26, J11)."""

import pytest

from accounts.models import Account
from franceconnect.models import Link
from tests.franceconnect.client.traveller import Traveller
from tests.members import LAMY
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor, whole_flow
from tests.personas import persona
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamy(simulator, signing_keys) -> Visitor:
    """Registered through FranceConnect, without a password; the same browser then meets services."""
    persona("lamy")
    caller = Traveller(simulator).arrive().press("Se connecter", nir=LAMY).press(FINISH)
    visitor = Visitor()
    visitor.client = caller.client
    return visitor


def test_a_service_shares_the_session_that_franceconnect_opened(lamy):
    """J11, R15, D01: nobody is sent to choose a password; told is the level, and no method that nobody used."""
    party = standard()
    sent = party.request()
    lamy.bring(sent)
    assert lamy.left_for, lamy.text
    tokens = party.redeem(party.code(sent, lamy.left_for), sent)
    assert tokens.claims["acr"] == "eidas1"
    assert "amr" not in tokens.claims
    assert not Account.objects.get().has_usable_password()


def test_a_sign_in_with_a_password_still_says_so(account, signing_keys):
    """J11: as before."""
    assert whole_flow(standard(), Visitor()).claims["amr"] == ["pwd"]


def test_the_provider_s_own_page_shows_no_franceconnect_button(lamy):
    """FI 26: the loop would end nowhere. And the portal's session opens nothing for FranceConnect (FI 4)."""
    lamy.bring(franceconnect().request())
    assert lamy.offers("Je me connecte") or lamy.offers("Se connecter")
    assert not [href for _, href in lamy.page.links if "/franceconnect/connexion/" in href]
    assert Link.objects.count() == 1
