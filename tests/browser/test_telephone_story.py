"""A caller in the middle of their registration and an agent who helps (issue 5, Support desk 7; R5, R20, L03)."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import outbox
from accounts.models import Entry, Event, Letter, login_of_nir
from tests.agents import an_agent
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.desk import at_desk
from tests.browser.journeys import Hand
from tests.browser.states import enrolment_at, persona, registering

pytestmark = pytest.mark.browser
HELP = "Besoin d'aide au téléphone ?"


def read_aloud(page: Page) -> str:
    """The six digits on the caller's page."""
    Hand(page).press(HELP)
    expect(page.get_by_text("Il voit à quelle étape vous êtes, jamais vos réponses.")).to_be_visible()
    return page.locator(".call__code").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_stuck_at_the_card_helped_on_the_telephone_and_on_by_letter(
    new_window: NewWindow, portal: str, script: bool
) -> None:
    """The agent sees where and since when, never what; the caller's next page says that a letter comes."""
    lamy = persona("lamy")
    context, page, _faults = new_window(java_script_enabled=script)
    carry(context, portal, registering(enrolment_at("numero-de-serie", "lamy")))
    page.goto("/inscription/")
    digits = read_aloud(page)
    agent = an_agent()
    desk = at_desk(new_window, agent, java_script_enabled=script)
    desk.follow("Aider une inscription au téléphone")
    desk.page.get_by_label("Code lu par l'appelant").fill(digits)
    desk.press("Voir où il en est")
    desk.sees(
        "Vérification de votre identité",
        "Numéro de série de votre carte Vitale",
        "À cette étape depuis",
        "Essais restants",
    )
    said = desk.page.locator("body").inner_text()
    for answer in (lamy.birth_name, lamy.email, lamy.nir.number, lamy.nir.grouped, lamy.birth_date.typed):
        assert answer.casefold() not in said.casefold()
    desk.press("Passer au courrier")
    desk.sees("C'est fait : à sa prochaine page, l'appelant est sur le chemin du courrier.")
    hand = Hand(page)
    hand.type("Numéro de série de votre carte Vitale", "1234567890")
    hand.next()
    hand.sees("Recevoir votre mot de passe", "par courrier, d'ici quelques jours")
    hand.finish()
    hand.sees("Inscription terminée", "vous recevrez d'ici quelques jours un courrier")
    outbox.sweep(now=timezone.now())
    assert Letter.objects.filter(member__nir_fingerprint=login_of_nir(lamy.nir.number)).count() == 1
    noted = Entry.objects.filter(account=agent.pk).values_list("event", flat=True)
    assert {Event.REGISTRATION_ASSISTED, Event.REGISTRATION_SENT_TO_POST} <= set(noted)


def test_misheard_digits_show_nobody(new_window: NewWindow, portal: str) -> None:
    """Said in words; the right ones, read again, serve."""
    context, page, _faults = new_window()
    carry(context, portal, registering(enrolment_at("carte-vitale", "keller")))
    page.goto("/inscription/")
    digits = read_aloud(page).replace(" ", "")
    desk = at_desk(new_window, an_agent())
    desk.follow("Aider une inscription au téléphone")
    field = desk.page.get_by_label("Code lu par l'appelant")
    field.fill(f"{(int(digits) + 1) % 10**6:06d}")
    desk.press("Voir où il en est")
    desk.sees("Ce code ne correspond à aucune inscription en cours.")
    desk.does_not_see("Essais restants")
    field.fill(digits)
    desk.press("Voir où il en est")
    desk.sees("Votre carte Vitale est...", "Essais restants")
