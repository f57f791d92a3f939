"""What somebody does at the screen, page after page, whether script runs or not."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from msa_portal.demo.personas import Persona
from tests.browser.states import PASSWORD
from tests.stories.caller import last_mail_to

PROFILES = {
    "individual": "Particulier (salarié",
    "farmer": "Exploitant agricole",
    "company": "Entreprise",
}
TEMPORARY = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@dataclass(frozen=True)
class Hand:
    """Reads headings, fills in labels, presses buttons."""

    page: Page

    def sees(self, title: str, *sentences: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=False).first.click()

    def follow(self, link: str) -> None:
        self.page.locator("main").get_by_role("link", name=link).first.click()

    def next(self) -> None:
        self.press("Suivant")

    def choose(self, answer: str) -> None:
        self.page.get_by_label(answer).check()
        self.next()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def open_registration(self) -> None:
        self.page.goto("/")
        self.page.get_by_role("navigation", name="Mon espace privé").get_by_role("link", name="S'inscrire").click()
        self.sees("Créer mon espace privé", "Vous êtes...")

    def say_who(self, someone: Persona) -> None:
        """B02 to B14: profile, number, what to have at hand, contact details, announcement."""
        self.choose(PROFILES[someone.profile])
        self.sees("Votre identifiant", "Renseigner votre numéro de Sécurité Sociale")
        self.type("Numéro de Sécurité Sociale", someone.nir.number)
        self.next()
        self.sees("Avant de continuer", "veuillez vous munir", "de votre carte Vitale si vous êtes assuré maladie MSA")
        self.next()
        self.sees("Vos coordonnées", "Elles sont uniquement destinées à la MSA pour les échanges avec l'assuré.")
        self.type("Nom", someone.birth_name)
        self.type("Prénom", someone.given_names)
        self.type("Date de naissance", someone.birth_date.typed)
        self.type("Adresse email", someone.email)
        self.page.get_by_label("Numéro de téléphone mobile").fill(someone.mobile)
        self.next()
        self.sees(
            "Une question pour vérifier votre identité",
            "Pour recevoir immédiatement votre mot de passe",
            "Il s'agit d'une mesure de sécurité",
        )
        self.next()
        self.sees("Vérification de votre identité", "Êtes-vous affilié à la MSA pour votre santé")

    def finish(self) -> None:
        """B22 to B24: where the password goes, then the click that accepts the terms."""
        self.sees("Recevoir votre mot de passe")
        self.next()
        self.sees("Accepter les conditions générales d'utilisation")
        self.press("Finaliser mon inscription en acceptant les conditions générales d'utilisation")
        self.sees("Inscription terminée", "Votre demande d'inscription à Mon espace privé est en cours de traitement.")

    def sign_in(self, number: str, password: str) -> None:
        self.sees("Se connecter à Mon espace privé")
        self.type("Identifiant", number)
        self.type("Mot de passe", password)
        self.page.locator("main").get_by_role("button", name="Se connecter").click()

    def personalise(self, password: str = PASSWORD) -> None:
        """D01 to D07."""
        self.sees("Changement de votre mot de passe", "Votre mot de passe est temporaire. Vous devez le personnaliser.")
        self.type("Votre nouveau mot de passe", password)
        self.type("Confirmer le mot de passe", password)
        self.press("Valider")
        self.sees("Confirmation", "Votre mot de passe a bien été modifié.")

    def confirm_contact(self) -> None:
        """E01 to E05."""
        self.follow("Continuer")
        self.sees("Confirmation de vos coordonnées", "vous devez confirmer vos coordonnées.")
        self.press("Je confirme mes coordonnées")
        self.sees("Confirmation", "Vos coordonnées ont été vérifiées.")
        self.follow("Accéder à Mon espace privé")


def temporary_password_sent_to(address: str) -> str:
    found = TEMPORARY.search(last_mail_to(address))
    assert found, last_mail_to(address)
    return found.group()
