"""Document 004 played in a real browser, with script and without, and by keyboard alone."""

from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import outbox
from accounts.models import Account, Letter, login_of_nir
from tests.browser.journeys import Hand, temporary_password_sent_to
from tests.browser.keyboard import by_keys, enter, pick
from tests.browser.states import PASSWORD, persona

pytestmark = pytest.mark.browser


def test_fritz_lamy_registers_and_enters_his_space(either_page: Page) -> None:
    """B01-B28, C01-C07, D01-D07, E01-E05, F03, F05-F07, C13: the document from end to end (R22)."""
    fritz, hand = persona("lamy"), Hand(either_page)
    hand.open_registration()
    hand.say_who(fritz)
    hand.choose("Oui")
    hand.choose("avec photo")
    hand.sees("Vérification de votre identité", "8025000002")
    hand.type("Numéro de série de votre carte Vitale", fritz.card.serial)
    hand.next()
    hand.sees("Recevoir votre mot de passe", "Vous allez recevoir votre mot de passe provisoire", fritz.email)
    hand.finish()
    hand.follow("Se connecter à Mon espace privé")
    expect(either_page.get_by_label("Identifiant")).to_have_value("1630967482229")
    hand.sign_in(fritz.nir.number, temporary_password_sent_to(fritz.email))
    hand.personalise()
    hand.confirm_contact()
    hand.sees("Mon espace privé : particulier", "Mes derniers paiements", "Santé", "22,50\u00a0€")
    expect(either_page.locator("header")).to_contain_text("LAMY FRITZ")
    hand.follow("Tous mes paiements")
    hand.sees("Tous mes paiements", "8 septembre 2020")
    hand.press("Se déconnecter")
    hand.sees("Vous êtes déconnecté")
    hand.follow("Se connecter")
    hand.sign_in(fritz.nir.number, PASSWORD)
    hand.sees("Mon espace privé : particulier")


def test_no_page_opens_before_the_duties_are_done(either_page: Page) -> None:
    """D01, E01: any other page leads back to what is left to do."""
    keller, hand = persona("keller"), Hand(either_page)
    hand.open_registration()
    hand.say_who(keller)
    hand.choose("Oui")
    hand.choose("sans photo")
    hand.type("Numéro de série de votre carte Vitale", keller.card.serial)
    hand.next()
    hand.finish()
    hand.follow("Se connecter à Mon espace privé")
    hand.sign_in(keller.nir.number, temporary_password_sent_to(keller.email))
    either_page.goto("/mon-compte/")
    hand.personalise()
    either_page.goto("/mon-espace/")
    hand.sees("Confirmation de vos coordonnées")


def test_a_retired_member_answers_with_the_amount_of_a_pension(either_page: Page) -> None:
    """B16, B19, R4: no cover, so a payment; a wrong one first, which says how many tries are left."""
    perrin, hand = persona("perrin"), Hand(either_page)
    hand.open_registration()
    hand.say_who(perrin)
    hand.choose("Non")
    label = "Montant d'un paiement MSA (avec centimes) reçu au cours des 6 derniers mois"
    either_page.get_by_label(label).fill("12,50")
    hand.next()
    hand.sees("Vérification de votre identité", "Il vous reste 2")
    either_page.get_by_label(label).fill("487,63")
    hand.next()
    hand.finish()
    assert temporary_password_sent_to(perrin.email)


def test_who_has_nothing_at_hand_gets_a_letter(either_page: Page) -> None:
    """B19, B21, R5, R7: neither card nor amount; a letter is queued and no e-mail promised."""
    lamy, hand = persona("lamy"), Hand(either_page)
    hand.open_registration()
    hand.say_who(lamy)
    hand.choose("Oui")
    hand.choose("avec photo")
    hand.press("Je n'arrive pas à lire ce numéro")
    hand.press("Je ne connais aucun montant")
    hand.sees("Recevoir votre mot de passe", "par courrier")
    hand.finish()
    hand.sees("Inscription terminée", "vous recevrez d'ici quelques jours un courrier")
    # Decided beside the requests, by a worker that this portal does not have.
    outbox.sweep(now=timezone.now())
    assert Letter.objects.filter(member__nir_fingerprint=login_of_nir(lamy.nir.number)).count() == 1


def test_who_has_an_account_is_led_to_sign_in(either_page: Page) -> None:
    """B09: « Un compte existe déjà pour : », the number as on the card, the sign-in form filled in."""
    garcin, hand = persona("garcin"), Hand(either_page)
    hand.open_registration()
    hand.choose("Particulier (salarié")
    hand.type("Numéro de Sécurité Sociale", garcin.nir.number)
    hand.next()
    hand.sees("Un compte existe déjà pour :", garcin.nir.grouped)
    hand.follow("Se connecter pour accéder à ce Compte")
    expect(either_page.get_by_label("Identifiant")).to_have_value(garcin.nir.number)


def test_a_company_sends_a_request(either_page: Page) -> None:
    """R1: never a dead end."""
    hand = Hand(either_page)
    hand.open_registration()
    hand.choose("Entreprise")
    hand.sees("Votre demande d'inscription")
    for label, text in {
        "Vos nom et prénom": "Vasseur Claire",
        "Votre fonction": "gérante",
        "Numéro SIRET": "732 829 320 00074",
        "Adresse email": "claire.vasseur@example.org",
        "Numéro de téléphone": "03 88 00 00 00",
    }.items():
        hand.type(label, text)
    either_page.get_by_label("Département").select_option("67")
    hand.next()
    hand.sees("Accusé de réception", "Votre demande a bien été prise en compte.", "MSA Alsace")


def test_a_misspelt_provider_is_pointed_out_and_corrected(either_page: Page) -> None:
    """B11, B22: a password sent to « gmial.com » reaches nobody; whoever means it goes on."""
    hand = Hand(either_page)
    hand.open_registration()
    hand.say_who(replace(persona("lamy"), email="fritz.lamy@gmial.com"))
    either_page.go_back()
    hand.sees("Une question pour vérifier votre identité", "Vouliez-vous écrire fritz.lamy@gmail.com")
    hand.follow("Corriger mes coordonnées")
    hand.type("Adresse email", "fritz.lamy@gmail.com")
    hand.next()
    hand.sees("Une question pour vérifier votre identité")
    expect(either_page.locator("main")).not_to_contain_text("Vouliez-vous")


def test_the_whole_registration_needs_no_mouse(page: Page) -> None:
    """R22: Tab, Enter, Space and arrows are enough, from the home page to « Inscription terminée »."""
    fritz, hand = persona("lamy"), Hand(page)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    enter(page, "S'inscrire")
    hand.sees("Créer mon espace privé")
    pick(page, "Exploitant agricole", downs=2)
    hand.sees("Votre identifiant")
    by_keys(page, ("Numéro de Sécurité Sociale", fritz.nir.number))
    hand.sees("Avant de continuer")
    by_keys(page)
    hand.sees("Vos coordonnées")
    names = (("Nom", fritz.birth_name), ("Prénom", fritz.given_names), ("Date de naissance", fritz.birth_date.typed))
    by_keys(page, *names, ("Adresse email", fritz.email))
    hand.sees("Une question pour vérifier votre identité")
    by_keys(page)
    pick(page, "Oui", downs=0)
    pick(page, "avec photo", downs=0)
    by_keys(page, ("Numéro de série de votre carte Vitale", fritz.card.serial))
    hand.sees("Recevoir votre mot de passe")
    by_keys(page)
    hand.sees("Accepter les conditions générales d'utilisation")
    by_keys(page, button="Finaliser mon inscription")
    hand.sees("Inscription terminée")
    assert Account.objects.with_login(login_of_nir(fritz.nir.number))
