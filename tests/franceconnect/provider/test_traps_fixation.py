"""A request that a thief began is of no use to the thief once somebody else has signed in for it (R15)."""

import pytest
from django.conf import settings

from accounts.models import Account
from franceconnect.models import Consent, Grant
from tests.members import an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.relying_party import RelyingParty
from tests.oidc.visitor import Visitor
from tests.stories.signing_in import EMAIL, temporary_password

pytestmark = [pytest.mark.django_db]
PAGES = ["", "connexion/", "mot-de-passe/", "coordonnees/", "coordonnees/email/", "conditions/", "autorisation/"]


class Thief(Visitor):
    """Began the request, and put the token of their browser into the victim's (a shared computer, a sister site)."""

    def lures(self, victim: Visitor, party: RelyingParty) -> Visitor:
        """The victim at the page of the thief's request, about to sign in."""
        self.first = self.bring(party.request()).way()
        victim.client.cookies[settings.BROWSER_COOKIE_NAME] = self.client.cookies[settings.BROWSER_COOKIE_NAME].value
        return victim.visit(f"{self.first}connexion/")

    def finds_nothing(self) -> None:
        """Behind the one address that they know."""
        for page in PAGES:
            self.visit(f"{self.first}{page}")
            assert self.response.status_code == 410, page
            assert not self.left_for
            assert self.send(f"{self.first}{page}", allow="1", email="voleur@example.org").response.status_code in (
                405,
                410,
            )
            for private in (EMAIL, "LAMY", "Fritz"):
                assert private not in self.response.content.decode()
        assert self.send(f"{self.first}retour/").response.status_code == 410
        assert self.visit("/mon-espace/").path == "/connexion/"


@pytest.fixture
def thief() -> Thief:
    return Thief("198.51.100.1")


def test_the_control_the_victim_stands_at_the_thief_s_request(thief: Thief, visitor: Visitor, fc: RelyingParty) -> None:
    """Without this the stories below would prove nothing: with the same token both see the page before the sign-in."""
    assert thief.lures(visitor, fc).offers("Se connecter")
    assert thief.visit(f"{thief.first}connexion/").offers("Se connecter")


def test_the_thief_does_not_read_what_is_missing_nor_give_another_address(thief: Thief, visitor: Visitor) -> None:
    """R2, G01: the victim's contact details, and the page where an address is proven."""
    account = an_account(email_proven_at=None)
    thief.lures(visitor, franceconnect()).sign_in()
    assert visitor.way() != thief.first
    assert visitor.path.endswith("/conditions/")
    thief.finds_nothing()
    visitor.follow("Confirmer mon adresse email").sees("Confirmation de vos coordonnées")
    assert Account.objects.get(pk=account.pk).email == EMAIL


def test_the_thief_does_not_choose_the_victim_s_password(thief: Thief, visitor: Visitor) -> None:
    """D01: for FranceConnect the request alone says who is there."""
    secret = temporary_password(an_account(password=None))
    thief.lures(visitor, franceconnect()).sign_in(password=secret)
    assert visitor.path.endswith("/mot-de-passe/")
    thief.finds_nothing()
    assert not Account.objects.get().has_usable_password()


def test_the_thief_does_not_agree_for_the_victim(thief: Thief, visitor: Visitor, account: Account) -> None:
    thief.lures(visitor, standard(skip_authorization=False)).sign_in()
    assert visitor.path.endswith("/autorisation/")
    thief.finds_nothing()
    assert not Consent.objects.exists()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("kind", [franceconnect, standard])
def test_the_thief_gets_no_second_answer(thief: Thief, visitor: Visitor, account: Account, kind: type) -> None:
    thief.lures(visitor, kind()).sign_in()
    assert visitor.left_for
    thief.finds_nothing()
    assert Grant.objects.count() == 1


def test_each_sign_in_for_a_request_gives_it_another_number(visitor: Visitor, account: Account) -> None:
    """Whoever was signed in before on this page has the address in their history."""
    visitor.bring(standard(skip_authorization=False).request()).sign_in()
    first = visitor.way()
    visitor.follow("Ce n'est pas vous ?").sign_in()
    assert visitor.way() != first
    assert visitor.visit(f"{first}autorisation/").response.status_code == 410
