"""The desk without a mouse, and without script: from the door to an act or a decision (issue 5, Support desk; R22)."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import AddressChange, Entry, Event
from tests.accounts.support import rows
from tests.agents import ALSACE, OPEN_ROW, SEED, an_agent, code_at
from tests.browser import states
from tests.browser.conftest import NewWindow
from tests.browser.desk import at_desk
from tests.browser.keyboard import by_keys, enter, pick
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, persona
from tests.members import OWN_PASSWORD
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1).first).to_have_text(title)


def test_a_call_by_keyboard_alone(new_window: NewWindow, portal: str) -> None:
    """Comes in, finds a member, opens their file, unlocks them, and goes: Tab, Enter, Space, arrows."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    agent, page = an_agent(), new_window()[1]
    page.goto("/support/connexion/")
    email = ("Adresse e-mail professionnelle", agent.email or "")
    by_keys(page, email, ("Mot de passe", OWN_PASSWORD), button="Continuer")
    by_keys(page, ("Code à 6 chiffres", code_at(timezone.now(), seed=SEED)), button="Se connecter")
    titled(page, "Accueil de l'assistance")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Passer au contenu principal")).to_be_focused()
    by_keys(page, ("Numéro de Sécurité sociale", persona("lamy").nir.number), button="Chercher")
    enter(page, "LAMY")
    titled(page, "Ouvrir un dossier")
    pick(page, "appel de l'adhérent", downs=1, button="Ouvrir le dossier")
    enter(page, "Débloquer la connexion")
    pick(page, "demande au téléphone", downs=0, button="Débloquer la connexion")
    expect(page.get_by_text("C'est fait. L'adhérent en est informé par e-mail.")).to_be_visible()
    assert "conseiller" in last_mail_to(account.email or "")
    enter(page, "Se déconnecter")
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()


def test_a_row_is_decided_by_keyboard_alone(new_window: NewWindow, portal: str) -> None:
    """From the count on the home page to the sentence that says it is done."""
    change = rows.an_address_change(ALSACE)
    page = at_desk(new_window, an_agent()).page
    enter(page, "Changements d'adresse")
    enter(page, page.locator("#result_list a").first.inner_text())
    enter(page, OPEN_ROW)
    pick(page, "L'adresse est incomplète", downs=1, button="Refuser")
    expect(page.get_by_text("C'est refusé")).to_be_visible()
    decided = AddressChange.objects.get(pk=change.pk)
    assert (decided.accepted, decided.reason) == (False, AddressChange.Reason.PROOF)


def test_a_call_and_a_decision_without_script(new_window: NewWindow, portal: str) -> None:
    """The same at the desk: nothing of it needs script."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    agent = an_agent()
    desk = at_desk(new_window, agent, java_script_enabled=False)
    desk.open_file(persona("lamy").nir.number)
    desk.act("Fermer toutes les sessions")
    desk.sees("L'adhérent en est informé par e-mail.", "Un conseiller a fermé toutes les sessions.")
    assert Entry.objects.filter(event=Event.SUPPORT_ACT, account=account.pk).count() == 1
    rows.an_address_change(ALSACE)
    desk.open_list("Changements d'adresse")
    desk.page.locator("#result_list a").first.click()
    desk.open_row()
    desk.press("Refuser")
    desk.sees("Choisissez un motif : il reste à faire.")
    desk.decide("Accepter")
    desk.sees("C'est accepté")
    desk.press("Se déconnecter")
    desk.sees("Vous êtes déconnecté")
    desk.is_refused("/support/")
