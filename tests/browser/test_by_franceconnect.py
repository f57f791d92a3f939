"""Members who come by FranceConnect, at a real screen: with script and without, on a phone, by keyboard alone.

I02 to I14, B29, G05, FS 3, FS 6, FS 17 to FS 21, R22; what a page's own policy stops fails the story.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Account
from franceconnect.models import Link
from tests.browser import states
from tests.browser.by_franceconnect import NUMBER, identify, in_the_space, leave, through
from tests.browser.chromium import DESKTOP, PHONE, carry, window
from tests.browser.journeys import Hand
from tests.browser.keyboard import enter, tab_to
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD
from tests.members import GARCIN, LAMY
from tests.simulator import Simulator
from tests.stories.registering import FINISH

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture(params=["with script", "without script", "phone"])
def open_window(
    request: pytest.FixtureRequest, browser: Browser, portal: str, simulator: Simulator, settings: Any
) -> Iterator[Open]:
    """A window that may be led to FranceConnect, and to nowhere else."""
    settings.BASE_URL = portal
    simulator.turn(portal_url=portal)
    width = PHONE if request.param == "phone" else DESKTOP
    context, page, faults = window(browser, portal, width=width, java_script_enabled=request.param != "without script")

    def make(account: Account | None = None) -> Page:
        if account:
            carry(context, portal, states.signed_in(account))
        return page

    yield make
    context.close()
    assert [fault for fault in faults.seen if not fault.startswith(f"asks {simulator.url}/")] == []


def links(who: str) -> int:
    """The demonstration has a linked member of its own."""
    return Link.objects.filter(account__member=states.member_of(who)).count()


def sign_out(page: Page) -> None:
    """Here, at FranceConnect, and back: a form, a redirect to another origin, a page that goes on by itself."""
    Hand(page).press("Se déconnecter")
    page.wait_for_url("**/franceconnect/deconnexion/terminee/")
    Hand(page).sees("Vous êtes déconnecté", "Vous êtes déconnecté de Mon espace privé et de FranceConnect.")


def test_linked_the_first_time_recognised_the_second(open_window: Open) -> None:
    """I02, I11 to I13, FS 17: the number once; signed out on both sides; then nothing is asked."""
    page = open_window()
    leave(page)
    through(page, "garcin")
    identify(page, "1 85 10 13 201 907")
    in_the_space(page)
    sign_out(page)
    leave(page)
    through(page, "garcin", "YRIS")
    in_the_space(page)
    assert links("garcin") == 1
    sign_out(page)
    page.goto("/mon-espace/")
    Hand(page).sees("Se connecter à Mon espace privé")


def test_registered_and_dissociated_with_a_first_password(open_window: Open) -> None:
    """B29, I14, FS 18: two forms in all; the second lets the browser go to FranceConnect and come back."""
    page = open_window()
    hand = Hand(page)
    leave(page)
    through(page, "lamy")
    identify(page, LAMY)
    hand.sees("S'inscrire avec FranceConnect", "Il reste une étape : vos coordonnées.", "LAMY", "Fritz")
    expect(page.get_by_label("Adresse email")).to_have_value("fritz.lamy@example.org")
    hand.press(FINISH)
    in_the_space(page)
    page.goto("/mon-compte/")
    hand.follow("dissocier mon compte FranceConnect")
    hand.sees("Dissocier mon compte FranceConnect\u00a0?", "Vous n'avez pas encore de mot de passe")
    hand.type("Votre nouveau mot de passe", PASSWORD)
    hand.type("Confirmer le mot de passe", PASSWORD)
    hand.press("Dissocier mon compte FranceConnect")
    page.wait_for_url("**/mon-compte/")
    hand.sees("Mon compte", "Votre compte MSA n'est plus associé avec votre compte FranceConnect.")
    assert links("lamy") == 0
    hand.press("Se déconnecter")
    hand.sees("Vous êtes déconnecté")
    page.goto("/connexion/")
    hand.sign_in(LAMY, PASSWORD)
    in_the_space(page)


def test_associated_from_mon_compte(open_window: Open) -> None:
    """G05, I14, FS 20: the password, FranceConnect, and back to Mon compte."""
    page = open_window(settled(states.with_own_password("garcin", PASSWORD)))
    hand = Hand(page)
    page.goto("/mon-compte/")
    hand.follow("associer mon compte FranceConnect")
    hand.type("Votre mot de passe actuel", PASSWORD)
    hand.press("Continuer vers FranceConnect")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Je choisis un compte")
    through(page, "garcin")
    page.wait_for_url("**/mon-compte/")
    hand.sees("Mon compte", "Votre compte MSA est maintenant associé avec votre compte FranceConnect.")
    assert links("garcin") == 1
    sign_out(page)


def test_who_turns_back_and_who_is_refused_read_what_to_do(open_window: Open) -> None:
    """FS 6, I11, R5: from FranceConnect's first page, and from a number of somebody else."""
    page = open_window()
    hand = Hand(page)
    leave(page)
    page.get_by_role("button", name="Revenir sur mon espace privé MSA").click()
    hand.sees("Vous n'êtes pas allé au bout avec FranceConnect", "Cet essai n'a rien créé ni changé à votre nom.")
    hand.follow("Réessayer avec FranceConnect")
    through(page, "lami")
    identify(page, LAMY)
    hand.sees("Accéder à Mon espace privé avec FranceConnect", "ne vont pas ensemble", "Il vous reste 4 essais")
    hand.follow("Me connecter avec mon numéro et mon mot de passe")
    hand.sees("Se connecter à Mon espace privé")
    assert links("lamy") == 0


def test_two_presses_link_and_register_once(at_a_desktop: Page) -> None:
    """I13, B29, R22: a double click on each last button."""
    page = at_a_desktop
    leave(page)
    through(page, "lamy")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.get_by_label(NUMBER).fill(LAMY)
    page.locator("main").get_by_role("button", name="Se connecter").dblclick()
    page.wait_for_url("**/franceconnect/inscription/")
    page.get_by_role("button", name=FINISH).dblclick()
    in_the_space(page)
    assert len(sent) == 2
    assert links("lamy") == 1


def test_the_back_button_leads_to_no_stale_question(at_a_desktop: Page) -> None:
    """FS 3, I11: back from the space to the number, and back from goodbye to the space."""
    page = at_a_desktop
    leave(page)
    through(page, "garcin")
    identify(page, GARCIN)
    in_the_space(page)
    page.go_back()
    page.wait_for_url(re.compile("/mon-espace/|/reglages/|/api/v2/"))
    page.goto("/mon-espace/")
    sign_out(page)
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("GARCIN")


def test_two_tabs_of_one_member_both_arrive(at_a_desktop: Page) -> None:
    """FS 3, I12: each round trip is its own; the second tab is signed in like the first."""
    context: BrowserContext = at_a_desktop.context
    first, second = at_a_desktop, context.new_page()
    leave(first)
    leave(second)
    through(first, "garcin")
    identify(first, GARCIN)
    in_the_space(first)
    # FranceConnect's own page has not been told: it goes on with who is signed in there by now.
    second.reload()
    leave_or_arrive(second)
    in_the_space(second)
    assert links("garcin") == 1


def leave_or_arrive(page: Page) -> None:
    """From wherever this tab of FranceConnect stands."""
    if page.get_by_role("button", name="impots.gouv.fr").count():
        through(page, "garcin")
    elif page.get_by_role("button", name="Continuer sur").count():
        page.get_by_role("button", name="Continuer sur").click()


def test_the_whole_way_needs_no_mouse(at_a_desktop: Page) -> None:
    """R22, FS 19: Tab, Enter, Space and arrows, from the sign-in page to the space and out again."""
    page = at_a_desktop
    page.goto("/connexion/")
    enter(page, "S'identifier avec")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Je choisis un compte")
    enter(page, "impots.gouv.fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("impots.gouv.fr")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    enter(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bienvenue Fritz")
    enter(page, "Continuer sur mon espace privé MSA")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accéder à Mon espace privé avec FranceConnect")
    tab_to(page, NUMBER)
    page.keyboard.type(LAMY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("S'inscrire avec FranceConnect")
    enter(page, "Finaliser mon inscription")
    in_the_space(page)
