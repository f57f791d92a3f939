"""The desk's pages about one member in a real browser: by keyboard, on a phone, on a desktop (issue 5; R22)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import journal, letters, notifications
from accounts.models import Account, Event, Letter
from accounts.sign_in import How
from tests.accounts.support.member_files import SEARCH
from tests.agents import an_agent
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in

pytestmark = pytest.mark.browser


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
