"""What somebody does at a screen that leads to FranceConnect and back."""

from playwright.sync_api import Page, expect

from tests.browser.journeys import Hand

NUMBER = "Votre numéro de sécurité sociale"


def leave(page: Page) -> None:
    """The button, in the same tab."""
    page.goto("/connexion/")
    page.get_by_role("link", name="S'identifier avec FranceConnect", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Je choisis un compte pour me connecter sur")


def through(page: Page, citizen: str, account: str = "impots.gouv.fr") -> None:
    """FranceConnect's pages, to « Bienvenue » and on."""
    page.get_by_role("button", name=account).click()
    page.locator(f"label[for=citizen-{citizen}]").click()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer sur mon espace privé MSA").click()


def identify(page: Page, nir: str) -> None:
    hand = Hand(page)
    hand.sees("Accéder à Mon espace privé avec FranceConnect", "Veuillez renseigner votre numéro de sécurité sociale")
    hand.type(NUMBER, nir)
    page.locator("main").get_by_role("button", name="Se connecter").click()


def in_the_space(page: Page) -> None:
    page.wait_for_url("**/mon-espace/")
    Hand(page).sees("Mon espace privé : particulier")
