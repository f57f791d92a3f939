"""« Services connectés »: a member reads what services may know of them and takes it back (I07 to I09, G06)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from franceconnect import consents, registration
from franceconnect.models import Client, Consent
from franceconnect.provider import grants
from franceconnect.provider.authorization_request import AuthorizationRequest
from franceconnect.provider.grants import Authentication
from tests.members import GARCIN, a_member, an_account
from tests.oidc.clients import franceconnect, standard
from tests.oidc.visitor import Visitor, whole_flow
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock", "signing_keys")]

PATH = "/mon-compte/services/"
SHARED = frozenset({"openid", "profile", "email"})


def a_service(number: int, name: str = "") -> Client:
    uri = f"https://service-{number}.example/retour"
    name = name or f"Service {number:02d}"
    registered = registration.register(
        f"service-{number}", preset="standard", redirect_uris=[uri], name=name, now=timezone.now()
    )
    return registered.client


def share(account: Account, *clients: Client) -> None:
    for client in clients:
        consents.give(account, client, SHARED, now=timezone.now())


@pytest.fixture
def member(account: Account) -> Caller:
    return sign_in(Caller())


def test_a_member_agrees_finds_the_service_and_takes_it_back(account: Account) -> None:
    """I07 to I09: from the service's page of consent to the list, and to the same page again."""
    service, member = standard(skip_authorization=False), Visitor()
    tokens = whole_flow(service, member, scope="openid email birth")
    member.visit("/mon-compte/").follow("voir mes services connectés")
    member.sees("Le service d'essai", "Adresse email", "Lieu de naissance", "Depuis le 2 mars 2026")
    member.sees("Votre dernière connexion 2 mars 2026 à 9 h 30").does_not_see("Date de naissance")
    assert service.ask_who(tokens.access_token).status == 200

    member.press("Ne plus partager avec Le service d'essai")
    member.sees("Vous ne partagez plus rien avec Le service d'essai.", "Aucun service connecté")
    assert service.ask_who(tokens.access_token).status == 401
    member.bring(service.request(scope="openid email birth"))
    assert member.offers("Autoriser")


def test_who_has_no_service_reads_what_will_stand_here(member: Caller) -> None:
    member.visit(PATH).sees("Aucun service connecté", "vous pourrez arrêter le partage à tout moment")
    member.sees("FranceConnect ne garde pas d'autorisation ici", "pas trace d'une connexion avec FranceConnect")
    assert not member.offers("Ne plus partager")


def test_franceconnect_is_told_with_its_last_sign_in_and_without_any_service(account: Account) -> None:
    """A1: the isolation rule."""
    visitor = Visitor()
    whole_flow(franceconnect(), visitor)
    sign_in(visitor).visit(PATH).sees("date du 2 mars 2026 à 9 h 30", "FranceConnect ne nous le dit pas")
    assert not visitor.offers("Ne plus partager")


def test_another_member_s_consent_cannot_be_taken_back(member: Caller, account: Account) -> None:
    mine, theirs = a_service(1), a_service(2)
    neighbour = an_account(a_member(GARCIN))
    share(account, mine)
    share(neighbour, theirs, mine)
    member.visit(PATH).does_not_see("Service 02")
    member.press("Ne plus partager", service=theirs.client_id).sees("Vous ne partagiez déjà plus rien")
    assert Consent.objects.filter(account=neighbour).count() == 2
    member.press("Ne plus partager", service=mine.client_id).sees("Vous ne partagez plus rien avec Service 01.")
    assert Consent.objects.filter(account=neighbour).count() == 2
    assert not Consent.objects.filter(account=account).exists()


@pytest.mark.parametrize("named", ["", "inconnu", "\x00", "x" * 5000, "é"])
def test_a_name_of_no_service_changes_nothing(member: Caller, account: Account, named: str) -> None:
    share(account, a_service(1))
    member.visit(PATH).press("Ne plus partager", service=named).sees("Vous ne partagiez déjà plus rien", "Service 01")
    assert Consent.objects.count() == 1


def test_pressed_twice_it_is_said_that_it_was_done(member: Caller, account: Account) -> None:
    share(account, a_service(1))
    member.visit(PATH)
    other = Caller()
    other.client.cookies = member.client.cookies
    other.visit(PATH).press("Ne plus partager").sees("Vous ne partagez plus rien avec Service 01.")
    member.press("Ne plus partager").sees("Vous ne partagiez déjà plus rien avec ce service.")


def test_a_form_from_elsewhere_takes_nothing_back(member: Caller, account: Account) -> None:
    share(account, a_service(1))
    assert member.client.post(PATH, {"service": "service-1"}).status_code == 403
    assert Consent.objects.count() == 1


def test_the_page_is_for_members_who_signed_in(account: Account) -> None:
    stranger = Caller().visit(PATH)
    assert stranger.path == "/connexion/"
    stranger.press("Se connecter", login_id="1630967482229", password="Moisson-2026-Or!")
    assert stranger.path == PATH


def test_what_is_left_to_do_first_comes_first(db: None) -> None:
    """E01."""
    an_account(contact_confirmed_at=None)
    assert sign_in(Caller()).visit(PATH).path == "/coordonnees/confirmer/"


def test_ten_services_stand_on_a_page_in_the_order_of_their_names(member: Caller, account: Account) -> None:
    share(account, *(a_service(number) for number in range(12, 0, -1)))
    member.visit(PATH).sees("Service 01", "Service 10", "Page 1 sur 2").does_not_see("Service 11")
    member.follow("Page suivante").sees("Service 11", "Service 12").does_not_see("Service 10")
    assert [heading for heading in member.page.headings if heading.startswith("Service ")] == [
        "Service 11",
        "Service 12",
    ]
    member.visit(f"{PATH}?page=nulle-part").sees("Page 1 sur 2")


def test_a_name_cannot_become_markup(member: Caller, account: Account) -> None:
    share(account, a_service(1, name="<script>alert(1)</script>"))
    page = member.visit(PATH).response.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_number_of_statements_does_not_grow_with_services_and_sign_ins(member: Caller, account: Account) -> None:
    """Consents and their number, the last sign-ins, and what every private page asks."""
    counts = []
    for number in range(1, 9):
        client = a_service(number)
        share(account, client)
        asked = AuthorizationRequest({"redirect_uri": client.redirect_uris, "scope": "openid"}, client=client)
        for _ in range(3):
            grants.issue(asked, Authentication(account, timezone.now() - timedelta(hours=1)), now=timezone.now())
        with CaptureQueriesContext(connection) as statements:
            member.visit(PATH).sees(f"Service {number:02d}")
        counts.append(len(statements))
    assert set(counts) == {7}
