"""The desk's pages about one member in a real browser: by keyboard, on a phone, on a desktop (issue 5; R22)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts import journal, letters, notifications
from accounts.models import Account, Event, Letter, Role
from accounts.sign_in import How
from accounts.support.acts import ACTS
from tests.accounts.support.member_files import SEARCH, place
from tests.agents import an_agent
from tests.browser import states
from tests.browser.audit import axe, breakable, sideways, small_targets
from tests.browser.chromium import DESKTOP, PHONE, carry, window
from tests.browser.conftest import NewWindow
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in

pytestmark = pytest.mark.browser
# One of each shape: plain, with fields, with a list and a note, one that something hinders.
SHOWN = ("debloquer", "telephones", "correction-identite", "mot-de-passe-par-courrier", "suspendre")


def lived_in() -> Account:
    """A member of the MSA d'Alsace with letters, e-mails and a long timeline."""
    account, now = settled(states.with_own_password("lamy", PASSWORD)), timezone.now()
    assert account.member is not None
    letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=now - timedelta(days=30))
    notifications.password_changed(account, now=now)
    for number in range(30):
        event = Event.SIGN_IN_SUCCEEDED if number % 3 else Event.SIGN_IN_REFUSED
        journal.record(event, account=account, detail={"how": "pwd"}, now=now - timedelta(days=number, hours=1))
    return account


def search(page: Page, **fields: str) -> None:
    page.goto(SEARCH)
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_load_state("load")


def walk(page: Page, account: Account, number: str) -> list[str]:
    """From the search to every page of the file; what is wrong on any of them."""
    found: list[str] = []

    def look() -> None:
        found.extend([*axe(page), *breakable(page), *small_targets(page)])

    page.goto(SEARCH)
    look()
    search(page)
    expect(page.get_by_text("Tapez au moins une des réponses")).to_be_visible()
    look()
    search(page, Numéro_de_Sécurité_sociale=number)
    look()
    page.locator("tbody a").click()
    look()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_text("Choisissez un motif.")).to_be_visible()
    look()
    page.get_by_label("appel de l'adhérent").check()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("heading", name="Ce que je peux faire")).to_be_visible()
    look()
    page.get_by_role("link", name="Afficher le numéro entier").click()
    look()
    page.get_by_label("échanger avec un autre organisme").check()
    page.get_by_role("button", name="Afficher le numéro").click()
    look()
    assert account.member is not None
    for slug in SHOWN:
        page.goto(place(account.member, "actes", slug))
        look()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_file_is_for_agents_with_any_eyes_and_hands(browser: Browser, portal: str, scheme: str) -> None:
    """RGAA: axe finds nothing; targets are large enough; no sentence breaks before its sign."""
    account = lived_in()
    context, page, _faults = window(browser, portal)
    carry(context, portal, signed_in(an_agent(Role.LEAD), How.AGENT))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = walk(page, account, states.persona("lamy").nir.grouped)
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_is_wider_than_the_window_nor_stopped_by_the_policy(
    new_window: NewWindow, portal: str, width: int
) -> None:
    account = lived_in()
    assert account.member is not None
    context, page, _faults = new_window(width=width)
    carry(context, portal, signed_in(an_agent(Role.LEAD), How.AGENT))
    page.goto(place(account.member))
    assert not sideways(page, width)
    page.get_by_label("accueil au guichet").check()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    assert not sideways(page, width)
    search(page, Numéro_de_Sécurité_sociale=states.persona("lamy").nir.grouped)
    assert not sideways(page, width)
    for act in ACTS.values():
        page.goto(place(account.member, "actes", act.slug))
        assert not sideways(page, width), act.slug


def test_the_whole_call_by_keyboard_and_without_script(new_window: NewWindow, portal: str) -> None:
    """Found, opened, unlocked, and the member reads it."""
    account = lived_in()
    context, page, _faults = new_window(java_script_enabled=False)
    carry(context, portal, signed_in(an_agent(), How.AGENT))
    page.goto(SEARCH)
    page.get_by_label("Numéro de Sécurité sociale").focus()
    page.keyboard.type(states.persona("lamy").nir.number)
    page.keyboard.press("Enter")
    page.locator("tbody a").focus()
    page.keyboard.press("Enter")
    page.get_by_label("appel de l'adhérent").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Débloquer la connexion").focus()
    page.keyboard.press("Enter")
    page.get_by_label("demande au téléphone").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("C'est fait. L'adhérent en est informé par e-mail.")).to_be_visible()
    expect(page.get_by_text("Un conseiller a débloqué la connexion.")).to_be_visible()
    carry(context, portal, signed_in(account))
    page.goto("/mon-compte/consultations/")
    expect(page.get_by_text("Un conseiller de la MSA Alsace")).to_be_visible()
