"""A company from its request to its space, « Autre » to a call, each at its own screen (issue 5; R1, R8, R13)."""

import pytest
from playwright.sync_api import Page, expect

from accounts.letters.text import compose
from accounts.models import Letter
from enrolment.models import RegistrationRequest
from tests.agents import an_agent
from tests.browser.conftest import NewWindow
from tests.browser.desk import at_desk
from tests.browser.journeys import Hand
from tests.browser.states import PASSWORD
from tests.stories.caller import last_mail_to
from tests.stories.signing_in import digits_in_mail_to

pytestmark = pytest.mark.browser
SIRET, EMAIL = "732 829 320 00074", "odile.vasseur@example.org"
WHO = {
    "Vos nom et prénom": "Vasseur Odile",
    "Votre fonction": "gérante",
    "Adresse email": EMAIL,
    "Numéro de téléphone": "03 88 00 00 00",
}
KNOWN = {"company": "SCEA des Trois Sources", "address": "4 chemin du Moulin", "postcode": "67320", "city": "Drulingen"}


def ask(page: Page, profile: str, **more: str) -> RegistrationRequest:
    """On the public site, to the acknowledgement."""
    hand = Hand(page)
    hand.open_registration()
    hand.choose(profile)
    hand.sees("Votre demande d'inscription")
    for label, text in {**WHO, **more}.items():
        hand.type(label, text)
    page.get_by_label("Département").select_option("67")
    hand.next()
    asked = RegistrationRequest.objects.get()
    hand.sees("Accusé de réception", "Votre demande a bien été prise en compte.", asked.reference, "MSA Alsace")
    assert asked.reference in last_mail_to(EMAIL)
    return asked


def test_a_company_asks_is_accepted_and_comes_in_by_its_siret(new_window: NewWindow, portal: str) -> None:
    """R1: the letter goes to where the caisse knows the company, and its space is what the documents give it."""
    page = new_window()[1]
    asked = ask(page, "Entreprise", **{"Numéro SIRET": SIRET})
    desk = at_desk(new_window, an_agent())
    desk.open_list("Demandes d'inscription")
    desk.choose_row(asked.reference)
    desk.sees("gérante", EMAIL, "à traiter")
    desk.decide("Accepter")
    desk.sees("Il manque quelque chose")
    desk.decide("Accepter", **KNOWN)
    desk.sees("C'est accepté : un courrier avec le code part à cette adresse.")
    text = compose(Letter.objects.get())
    assert text.address[0] == KNOWN["company"].upper()
    assert text.secret not in last_mail_to(EMAIL)
    hand = Hand(page)
    page.goto("/connexion/")
    hand.follow("Je suis une entreprise")
    hand.type("Numéro SIRET", SIRET)
    hand.type("Mot de passe", text.secret)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    hand.personalise()
    hand.follow("Continuer")
    hand.press("Je confirme mes coordonnées")
    page.get_by_label("Code").first.fill(digits_in_mail_to(EMAIL))
    hand.press("Valider")
    hand.follow("Accéder à Mon espace privé")
    hand.sees("Mon espace privé : entreprise", KNOWN["company"], SIRET, "67-Bas-Rhin", asked.reference)
    for other in ("Mes paiements", "Mes dossiers", "FranceConnect"):
        expect(page.locator("main").get_by_text(other)).to_have_count(0)
    page.goto("/mon-compte/complement-inscription/")
    hand.sees("Mon espace privé : entreprise")
    assert PASSWORD not in last_mail_to(EMAIL)


def test_another_declarant_is_called(new_window: NewWindow, portal: str) -> None:
    """R1: « Autre » has no self-service, and no dead end either."""
    asked = ask(new_window()[1], "Autre")
    elsewhere = at_desk(new_window, an_agent(caisse="13"))
    elsewhere.open_list("Demandes d'inscription")
    elsewhere.does_not_see(asked.reference)
    desk = at_desk(new_window, an_agent())
    desk.open_list("Demandes d'inscription")
    desk.choose_row(asked.reference)
    desk.decide("Accepter : nous rappelons")
    desk.sees("C'est accepté : le demandeur sait que vous l'appelez.")
    mail = last_mail_to(EMAIL)
    assert asked.reference in mail
    assert "Un conseiller vous appelle" in mail
    assert not Letter.objects.exists()
