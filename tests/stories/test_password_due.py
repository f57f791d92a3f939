"""Once a department's code was typed, a new password comes first, whoever comes back and however (R11, H09)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import Traveller as Clock

from accounts import outbox
from accounts.models import Account, Email
from franceconnect.models import Link
from tests.departments import accepted, code_of
from tests.franceconnect.client.traveller import Traveller
from tests.members import LAMY, NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor
from tests.personas import persona
from tests.signing import put_signing_keys
from tests.stories.caller import Caller
from tests.stories.registering import FINISH
from tests.stories.signing_in import EMAIL, link_in_mail_to, sign_in

pytestmark = [pytest.mark.django_db]
CHOOSE = "/mot-de-passe/personnaliser/"
TYPE_CODE = "/mon-compte/complement-inscription/code/"
BOTH = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}


@pytest.fixture
def clock(held_clock: Clock) -> Iterator[Clock]:
    return held_clock


@pytest.fixture
def account(clock: Clock, db: None) -> Account:
    return an_account()


@pytest.fixture
def keys(db: None) -> None:
    put_signing_keys()


def code_for(account: Account) -> str:
    return code_of(accepted(account, now=timezone.now()))


def typed_at_sign_in(account: Account) -> Caller:
    return sign_in(Caller("192.0.2.40"), code_for(account))


def typed_in_mon_compte(account: Account) -> Caller:
    return sign_in(Caller("192.0.2.40")).visit(TYPE_CODE).press("Valider", code=code_for(account))


WAYS = pytest.mark.parametrize("typed", [typed_at_sign_in, typed_in_mon_compte])


@WAYS
def test_who_signs_out_and_comes_back_with_the_old_password_chooses_a_new_one(account: Account, typed) -> None:
    """R11: in the same browser or another one; the page says why, and the old one is no new one."""
    caller = typed(account)
    assert caller.path == CHOOSE
    caller.press("Se déconnecter")
    for again in (caller, Caller("192.0.2.41")):
        sign_in(again)
        assert again.path == CHOOSE
        assert again.visit("/mon-espace/").path == CHOOSE
        assert again.visit("/mon-compte/").path == CHOOSE
    again.sees("Vous avez tapé le code d'un courrier.")
    again.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    again.sees("Choisissez un autre mot de passe que celui d'avant.")
    assert again.press("Valider", **BOTH).path == "/mot-de-passe/personnalise/"
    assert again.visit("/mon-espace/").sees("01-Ain").path == "/mon-espace/"
    assert Email.objects.filter(kind="password_changed").count() == 1
    assert sign_in(Caller("192.0.2.42")).path == "/connexion/"
    assert sign_in(Caller("192.0.2.43"), NEXT_PASSWORD).path == "/mon-espace/"


@WAYS
def test_a_screen_left_open_elsewhere_chooses_nothing(account: Account, typed) -> None:
    """R11, G01: nobody asks for the old password at that page, so it opens for who has just proven something."""
    left_open = sign_in(Caller("192.0.2.44"))
    typed(account)
    assert left_open.visit("/mon-espace/").path == "/connexion/"
    assert left_open.visit(CHOOSE).path == "/connexion/"


def test_of_two_who_choose_the_second_changes_nothing(account: Account) -> None:
    """R11: somebody who knew the old password comes back while its member chooses the new one."""
    member, other = typed_in_mon_compte(account), sign_in(Caller("192.0.2.45"))
    page = other.page
    assert member.press("Valider", **BOTH).path == "/mot-de-passe/personnalise/"
    other.page = page
    other.press("Valider", new_password1="Autre+Verger77", new_password2="Autre+Verger77")
    account.refresh_from_db()
    assert account.check_password(NEXT_PASSWORD)
    assert other.visit("/mon-espace/").path == "/connexion/"


def test_the_code_still_comes_back_in_its_browser_only(account: Account) -> None:
    """R13: one use is one browser until a password is chosen."""
    code = code_for(account)
    here = sign_in(Caller("192.0.2.46"), code)
    here.press("Se déconnecter")
    assert sign_in(Caller("192.0.2.47"), code).path == "/connexion/"
    assert sign_in(here, code).path == CHOOSE
    here.press("Valider", **BOTH).press("Se déconnecter")
    assert sign_in(here, code).path == "/connexion/"


@WAYS
def test_the_link_of_a_forgotten_password_pays_the_debt(account: Account, clock: Clock, typed) -> None:
    """D09, R11: one place chooses passwords; the old one is none of them."""
    typed(account).press("Se déconnecter")
    clock.shift(timedelta(minutes=1))
    Caller("192.0.2.48").visit("/mot-de-passe/oublie/").press("Continuer", login_id=LAMY)
    outbox.sweep(now=timezone.now())
    reset = Caller("192.0.2.48").visit(link_in_mail_to(EMAIL))
    reset.press("Enregistrer mon mot de passe", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    reset.sees("Choisissez un autre mot de passe que celui d'avant.")
    reset.press("Enregistrer mon mot de passe", **BOTH)
    assert sign_in(Caller("192.0.2.49"), NEXT_PASSWORD).path == "/mon-espace/"


# Through FranceConnect, and to a service -----------------------------------------------------------------------------


def test_franceconnect_leads_to_the_same_page(simulator) -> None:
    """I12, R11: whoever FranceConnect brings back owes it as well, with a password or without one."""
    persona("lamy")
    member = Traveller(simulator).arrive().press("Se connecter", nir=LAMY).press(FINISH)
    Account.objects.update(contact_confirmed_at=timezone.now())
    account = Account.objects.get()
    assert Link.objects.get().account == account
    assert not account.has_usable_password()
    assert member.visit(TYPE_CODE).press("Valider", code=code_for(account)).path == CHOOSE
    member.press("Se déconnecter")
    again = Traveller(simulator).arrive()
    assert again.is_in is False
    assert again.visit("/mon-espace/").path == CHOOSE
    assert again.press("Valider", **BOTH).path == "/mot-de-passe/personnalise/"
    again.press("Se déconnecter")
    assert Traveller(simulator).arrive("/mon-compte/").is_in


@pytest.mark.parametrize("service", [standard, franceconnect])
@pytest.mark.usefixtures("keys")
def test_no_service_is_told_anything_before(account: Account, service) -> None:
    """R11, R15, J03: on the way to FranceConnect, and to a service that shares the portal's session."""
    typed_in_mon_compte(account).press("Se déconnecter")
    party, visitor = service(), Visitor()
    sent = party.request()
    visitor.bring(sent).sign_in()
    assert not visitor.left_for
    visitor.sees("Changement de votre mot de passe", "Vous avez tapé le code d'un courrier.")
    visitor.press("Valider", new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    assert not visitor.left_for
    visitor.press("Valider", **BOTH)
    assert party.identity(party.redeem(party.code(sent, visitor.left_for), sent))["sub"]


@pytest.mark.usefixtures("keys")
def test_a_silent_request_is_refused_meanwhile(account: Account) -> None:
    """Core, 3.1.2.6: no page may be shown, and one is needed."""
    caller = typed_in_mon_compte(account)
    party, visitor = standard(), Visitor()
    visitor.client = caller.client
    visitor.bring(party.request(prompt="none"))
    assert "error=interaction_required" in visitor.left_for
