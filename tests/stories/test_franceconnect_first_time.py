"""A member enters with FranceConnect: the first time, every other time, and until they want it no more.

I02, I11 to I15, I17, B29, G05, C13, E01, FS 11, FS 17, FS 18, FS 20.
"""

import re
from datetime import timedelta

import pytest

from accounts.models import Account, Email, Letter
from franceconnect.models import Link
from tests.franceconnect.client.traveller import Traveller
from tests.members import GARCIN, LAMY, NEXT_PASSWORD, OWN_PASSWORD
from tests.personas import persona
from tests.stories.caller import last_mail_to
from tests.stories.registering import FINISH
from tests.stories.signing_in import digits_in_mail_to, link_in_mail_to

pytestmark = pytest.mark.django_db
BUTTON, NUMBER = "S'identifier avec FranceConnect", "Se connecter"
GO, LEAVE = "Continuer vers FranceConnect", "Dissocier mon compte FranceConnect"
LINKED = "Votre compte MSA est associé avec votre compte FranceConnect"
FRITZ, LOIC = "fritz.lamy@example.org", "loic.garcin@example.org"


def enter(caller: Traveller) -> Traveller:
    """As a member does: the sign-in page, its button, FranceConnect, and back."""
    caller.visit("/connexion/").follow(BUTTON)
    return caller


def registered(simulator) -> Traveller:
    persona("lamy")
    caller = enter(Traveller(simulator, "lamy"))
    caller.press(NUMBER, nir=LAMY).press(FINISH)
    return caller


def test_a_member_with_an_account_is_linked_enters_and_is_told(simulator):
    """I02, I11, I13, I15: the number once; a mail says what to do if it was somebody else."""
    persona("garcin")
    caller = enter(Traveller(simulator, "garcin"))
    caller.sees("Veuillez renseigner votre numéro de sécurité sociale", "qu'à la 1ère connexion via FranceConnect")
    caller.press(NUMBER, nir="1 85 10 13 201 907")
    assert caller.path == "/mon-espace/"
    caller.sees("Mon espace privé : particulier")
    caller.visit("/mon-compte/").sees(LINKED, LOIC)
    said = last_mail_to(LOIC)
    assert "associé" in said
    assert "Ce n'était pas vous" in said
    assert GARCIN not in said
    assert Account.objects.count() == Link.objects.count() == 1


def test_a_member_without_an_account_registers_by_franceconnect(simulator):
    """B29, I13, B24: no identity question; a letter and a mail whose link proves the address."""
    caller = registered(simulator)
    assert caller.path == "/mon-espace/"
    caller.sees("Mes derniers paiements")
    account = Account.objects.get()
    assert not account.has_usable_password()
    assert account.email_proven_at is None
    assert Letter.objects.get().kind == Letter.Kind.REGISTRATION_CONFIRMATION
    caller.visit(link_in_mail_to(FRITZ)).press("Confirmer cette adresse")
    account.refresh_from_db()
    assert account.email_proven_at


@pytest.mark.parametrize("provider", ["impots", "ameli", "yris"])
def test_the_next_time_nothing_is_asked_whoever_vouches(simulator, provider):
    """I12, FS 11: the sub is the person's, not the provider's; no mail, nothing new."""
    persona("garcin")
    enter(Traveller(simulator, "garcin")).press(NUMBER, nir=GARCIN)
    mails = Email.objects.count()

    class ByAnother(Traveller):
        def back_from(self, address: str) -> str:
            return self.hub.walk(address, citizen=self.citizen, provider=provider)

    caller = enter(ByAnother(simulator, "garcin"))
    assert caller.path == "/mon-espace/"
    assert Link.objects.count() == 1
    assert Email.objects.count() == mails


def test_the_member_goes_on_to_the_page_that_they_wanted(simulator):
    """C12, I12: by way of FranceConnect as by password, the first time as well."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").visit("/mon-espace/paiements/")
    assert caller.path == "/connexion/"
    caller.follow(BUTTON).press(NUMBER, nir=GARCIN)
    assert caller.path == "/mon-espace/paiements/"


def test_franceconnect_s_own_session_spares_its_page_and_nothing_else(simulator):
    """I17, FS 17: signed in there already, the member is not asked who they are; signed out, they are."""
    persona("garcin")
    caller = enter(Traveller(simulator, "garcin"))
    caller.press(NUMBER, nir=GARCIN)
    caller.client.cookies.clear()
    caller.hub.visit(f"{simulator.url}/services/mes-droits-sociaux/connexion/")
    assert caller.hub.here.endswith("/consent")
    assert enter(caller).path == "/mon-espace/"
    caller.press("Se déconnecter").sees("Vous êtes déconnecté de Mon espace privé et de FranceConnect")
    caller.hub.visit(f"{simulator.url}/services/mes-droits-sociaux/connexion/")
    assert not caller.hub.here.endswith("/consent")


def test_associated_used_and_dissociated(simulator):
    """G05, I14, FS 18, FS 20: from a session by password, then from one by FranceConnect; a mail at each."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    caller.visit("/mon-compte/").follow("associer mon compte FranceConnect").press(GO, password=OWN_PASSWORD)
    caller.sees(LINKED, "est maintenant associé")
    assert "maintenant associé" in last_mail_to(LOIC)
    caller.press("Se déconnecter")
    assert enter(caller).path == "/mon-espace/"
    caller.visit("/mon-compte/").follow("dissocier mon compte FranceConnect").press(LEAVE)
    caller.sees("n'est plus associé avec votre compte FranceConnect")
    assert "n'est plus associé" in last_mail_to(LOIC)
    caller.press("Se déconnecter")
    assert enter(caller).path == "/franceconnect/identifiant/"
    caller.sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_who_never_had_a_password_leaves_franceconnect_with_one(simulator):
    """I14, B29, FS 18: chosen in the same movement; the password opens, FranceConnect asks the number again."""
    caller = registered(simulator)
    caller.visit(link_in_mail_to(FRITZ)).press("Confirmer cette adresse")
    caller.visit("/mon-compte/").follow("dissocier mon compte FranceConnect")
    caller.sees("Vous n'avez pas encore de mot de passe")
    caller.press(LEAVE, new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert caller.path == "/mon-compte/"
    assert not Link.objects.exists()
    caller.press("Se déconnecter").sign_in_here(nir=LAMY, password=NEXT_PASSWORD)
    assert caller.is_in
    caller.press("Se déconnecter")
    assert enter(caller).press(NUMBER, nir=LAMY).path == "/mon-espace/"
    assert Account.objects.count() == Link.objects.count() == 1


def test_an_address_that_nobody_proved_is_proven_before_the_space_opens(simulator):
    """I13, E01, R8: linked at once; the address that stands in the account may be a stranger's."""
    persona("garcin")
    Account.objects.update(email_proven_at=None)
    caller = enter(Traveller(simulator, "garcin")).press(NUMBER, nir=GARCIN)
    assert caller.path == "/coordonnees/confirmer/"
    assert Link.objects.count() == 1
    assert caller.visit("/mon-espace/").path == "/coordonnees/confirmer/"
    caller.press("Je confirme mes coordonnées", email=LOIC)
    caller.press("Valider", code=digits_in_mail_to(LOIC)).sees("Vos coordonnées ont été vérifiées.")
    assert caller.visit("/mon-espace/").path == "/mon-espace/"
    assert Account.objects.get().email_proven_at


def test_here_first_then_there_and_back(simulator):
    """C13, FS 17: FranceConnect's session ends with ours; nobody else's page says so."""
    persona("garcin")
    caller = enter(Traveller(simulator, "garcin")).press(NUMBER, nir=GARCIN)
    caller.press("Se déconnecter")
    assert caller.path == "/franceconnect/deconnexion/terminee/"
    assert re.search(r"/session/end\?", caller.went[-1])
    assert not caller.is_in
    assert enter(caller).path == "/mon-espace/"


@pytest.mark.parametrize("fault", ["stopped", "failing"])
def test_signing_out_here_does_not_wait_for_franceconnect(simulator, fault):
    """FS 17: FranceConnect is down or fails; the member is signed out here whatever becomes of it there."""
    persona("garcin")
    caller = enter(Traveller(simulator, "garcin")).press(NUMBER, nir=GARCIN)
    form = next(form for form in caller.page.forms if form.action == "/deconnexion/")
    if fault == "stopped":
        simulator.stop()
    else:
        simulator.turn(failing_endpoint="end_session")
    away = caller.client.post("/deconnexion/", form.values)
    assert away.status_code in (302, 303)
    assert not caller.is_in
    if fault == "failing":
        assert caller.hub.visit(away["Location"]).response.status_code == 503
    caller.visit("/franceconnect/deconnexion/retour/")
    caller.sees("Vous êtes déconnecté de Mon espace privé", "peut-être encore ouverte", "fermez le navigateur")
    caller.sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def test_the_session_has_the_portal_s_clocks_and_not_franceconnect_s(simulator, held_clock):
    """R14, FS 21: half an hour without a visit, here; who comes back enters again without the number."""
    simulator.follow_clock()
    persona("garcin")
    caller = enter(Traveller(simulator, "garcin")).press(NUMBER, nir=GARCIN)
    held_clock.shift(timedelta(minutes=31))
    simulator.follow_clock()
    assert caller.visit("/mon-espace/").path == "/connexion/"
    caller.sees("30 minutes")
    assert caller.follow(BUTTON).path == "/mon-espace/"
