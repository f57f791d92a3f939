"""An agent at the support desk, by the door as by the keyboard: password, then the code that their telephone shows."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.support import second_factor
from tests.agents import SEED, code_at
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

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

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
