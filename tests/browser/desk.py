"""An agent at the support desk: in by password and the code of their telephone, then what is done at it, by its words.

How a row of a work list is opened, and a file, stands here and nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.support.door import second_factor
from tests.accounts.support.member_files import SEARCH
from tests.agents import OPEN_ROW, SEED, code_at
from tests.browser.conftest import NewWindow
from tests.members import OWN_PASSWORD


@dataclass(frozen=True)
class Desk:
    """What an agent does at it."""

    page: Page

    def come_in(
        self,
        account: Account,
        *,
        password: str = OWN_PASSWORD,
        seed: second_factor.Seed = SEED,
        later: timedelta = timedelta(),
    ) -> None:
        self.page.goto("/support/connexion/")
        self.page.get_by_label("Adresse e-mail professionnelle").fill(account.email or "")
        self.page.get_by_label("Mot de passe").fill(password)
        self.press("Continuer")
        self.page.get_by_label("Code à 6 chiffres").fill(code_at(timezone.now() + later, seed=seed))
        self.press("Se connecter")
        self.sees("Accueil de l'assistance")

    # Work lists -------------------------------------------------------------------------------------------------------

    def open_list(self, name: str) -> None:
        """From its count on the home page."""
        self.page.goto("/support/")
        self.follow(name)

    def choose_row(self, name: str) -> None:
        """One of the list on the screen, opened."""
        self.page.locator("#result_list").get_by_role("link", name=name).click()
        self.open_row()

    def go_to_row(self, place: str) -> None:
        """By its address, as a code desk or a colleague gives it."""
        self.page.goto(place)
        self.open_row()

    def open_row(self) -> bool:
        """Whether this page was a row of a work list that was not open yet; it is now."""
        self.page.wait_for_load_state()
        button = self.page.get_by_role("button", name=OPEN_ROW, exact=True)
        if not button.count():
            return False
        button.click()
        self.page.wait_for_load_state()
        return True

    def decide(self, button: str, reason: str = "", **typed: str) -> None:
        """Each decision is a form of its own; two of them may offer the same reasons."""
        named = self.page.get_by_role("button", name=button, exact=True)
        form = self.page.locator("form.decision").filter(has=named)
        for label, text in typed.items():
            form.locator(f"[name={label}]").fill(text)
        if reason:
            form.get_by_label(reason).check()
        form.get_by_role("button", name=button, exact=True).click()

    # Files ------------------------------------------------------------------------------------------------------------

    def find(self, number: str) -> None:
        self.page.goto(SEARCH)
        self.page.get_by_label("Numéro de Sécurité sociale").fill(number)
        self.press("Chercher")

    def open_file(self, number: str, *, why: str = "appel de l'adhérent") -> None:
        """Found by their number, and opened for a reason."""
        self.find(number)
        self.page.locator("tbody a").click()
        self.page.get_by_label(why).check()
        self.press("Ouvrir le dossier")
        self.sees("Ce que je peux faire")

    def act(self, label: str, button: str = "", *, why: str = "demande au téléphone") -> None:
        """One of what can be done for the member whose file is open."""
        self.follow(label)
        self.page.get_by_label(why).check()
        self.page.locator("main, #content").get_by_role("button", name=button or label).click()

    # Anything ---------------------------------------------------------------------------------------------------------

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        """To a row of a work list too: its button opens it."""
        self.page.get_by_role("link", name=link).first.click()
        self.open_row()

    def sees(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).first).to_be_visible()

    def does_not_see(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.page.get_by_text(sentence)).to_have_count(0)

    def is_refused(self, *places: str) -> None:
        """As if there were no such page."""
        for place in places:
            answer = self.page.goto(place)
            assert answer is not None
            assert answer.status == 404, place


def at_desk(new_window: NewWindow, account: Account, **options: Any) -> Desk:
    """In a browser of their own, by the door."""
    desk = Desk(new_window(**options)[1])
    desk.come_in(account)
    return desk
