"""The main road: a member registers, screen by screen, as document 004 shows it (B01 to B28, F01, F02)."""

import pytest

from accounts.models import Account, Email, Event, Letter
from tests.stories.caller import Caller, last_mail_to
from tests.stories.registering import registrant
from tests.stories.traces import happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.mark.sqlite
def test_fritz_lamy_registers_with_his_card_and_receives_his_password_by_email():
    """B01 to B08, B10 to B18, B20 to B27, B30, R7: the whole of document 004, screen by screen."""
    fritz, known = registrant("lamy")
    fritz.visit("/").follow("S'inscrire")
    assert fritz.title == "Créer mon espace privé"
    assert fritz.offers("Abandonner")
    assert not fritz.offers("Précédent")
    fritz.answer().sees("Votre identifiant", "Renseigner votre numéro de Sécurité Sociale")
    assert fritz.offers("je ne connais pas mon numéro de Sécurité Sociale")
    fritz.answer(nir="1630967482229").sees(
        "Afin de poursuivre votre inscription, veuillez vous munir",
        "de votre carte Vitale si vous êtes assuré maladie MSA",
        "d'un montant d'une prestation versée par la MSA dans les 6 derniers mois",
    )
    fritz.answer().sees("Elles sont uniquement destinées à la MSA pour les échanges avec l'assuré.")
    fritz.answer().sees(
        "Pour recevoir immédiatement votre mot de passe, nous allons vous poser une question afin de valider votre "
        "identité.",
        "Il s'agit d'une mesure de sécurité pour s'assurer que votre compte n'a pas été piraté ou que vous n'êtes pas "
        "victime d'une usurpation d'identité.",
    )
    fritz.answer().sees(
        "Vérification de votre identité",
        "Êtes-vous affilié à la MSA pour votre santé ?",
        "(carte Vitale, remboursements maladie, indemnités journalières, ...)",
    )
    fritz.answer(health_cover="yes").sees(
        "Votre carte Vitale est...", "avec photo", "sans photo", "je n'ai pas de carte"
    )
    fritz.answer(card_kind="photo").sees(
        "Numéro de série de votre carte Vitale", "8025000002", "la 2e partie du numéro de série"
    )
    fritz.answer(vitale_serial="01024576124").sees(
        "Vous allez recevoir votre mot de passe provisoire à l'adresse", "fritz.lamy@example.org"
    )
    fritz.answer().sees("Accepter les conditions générales d'utilisation")
    assert fritz.offers("lire les conditions générales d'utilisation")
    fritz.answer().sees(
        "Inscription terminée",
        "Votre demande d'inscription à Mon espace privé est en cours de traitement.",
        "Vous allez recevoir dans quelques instants un email de confirmation contenant le mot de passe provisoire qui "
        "vous permettra de vous connecter à Mon espace privé.",
    )
    assert fritz.offers("Se connecter à Mon espace privé")
    assert fritz.offers("Aller à l'accueil")
    assert "mot de passe provisoire" in last_mail_to("fritz.lamy@example.org")
    assert [letter.kind for letter in Letter.objects.all()] == ["registration_confirmation"]
    assert Account.objects.get().member == known.member


@pytest.mark.parametrize("profile", ["farmer", "individual", "gardener_employer", "solidarity_contributor"])
def test_four_profiles_register_by_themselves(profile):
    """B02, B03, R1: the profile is a choice of the caller; the journal keeps it."""
    caller, _ = registrant("lamy", profile=profile)
    caller.finish().sees("Inscription terminée")
    (entry,) = happened(Event.REGISTRATION_COMPLETED)
    assert entry.detail == {"channel": "email", "profile": profile, "departments": ["67", "68"]}


def test_the_first_page_offers_the_six_profiles_word_for_word():
    """B02, B04: six choices, « Abandonner » and « Suivant > » only."""
    Caller().visit("/inscription/").sees(
        "Vous êtes...",
        "Exploitant agricole",
        "Entreprise",
        "Particulier (salarié, retraité, collaborateur, ayant-droit, demandeur d'emploi, sans emploi...)",
        "Employeur de jardinier en tant que particulier",
        "Cotisant de solidarité",
        "Autre ...",
    )


@pytest.mark.parametrize(
    "slug", ["identifiant", "munissez-vous", "coordonnees", "verification", "affiliation", "mot-de-passe", "conditions"]
)
def test_every_middle_page_can_be_left_by_three_ways(slug):
    """B07: « Abandonner », « < Précédent », « Suivant > »; the last page has its own button (B23)."""
    caller, _ = registrant("lamy")
    caller.until(slug)
    assert caller.offers("Abandonner")
    assert caller.offers("Précédent")
    assert caller.offers("Finaliser mon inscription" if slug == "conditions" else "Suivant")


def test_the_pages_come_in_the_order_of_the_guide():
    """B28: profile, NIR, get ready, contact, announcement, cover, card, serial, destination, terms, done."""
    caller, _ = registrant("lamy")
    caller.start()
    walked = [caller.slug]
    while caller.slug != "terminee":
        walked.append(caller.answer().slug)
    assert walked == [
        "profil", "identifiant", "munissez-vous", "coordonnees", "verification", "affiliation", "carte-vitale",
        "numero-de-serie", "mot-de-passe", "conditions", "terminee",
    ]  # fmt: skip


def test_precedent_leads_back_page_by_page_with_the_answers_still_there():
    """B07: the answers stand in the form when one comes back; those of a proof do not."""
    caller, _ = registrant("lamy")
    caller.until("mot-de-passe")
    walked = []
    while caller.slug != "profil":
        walked.append(caller.follow("Précédent").slug)
        if caller.slug == "coordonnees":
            shown = caller.page.forms[-1].values
            assert (shown["birth_name"], shown["birth_date"]) == ("LAMY", "08/09/1963")
            assert shown["mobile"] == "06 39 98 10 01"
        if caller.slug == "numero-de-serie":
            caller.sees("Votre identité est vérifiée.").does_not_see("01024576124")
    assert walked[:3] == ["numero-de-serie", "carte-vitale", "affiliation"]
    assert caller.page.forms[-1].values["profile"] == "individual"


@pytest.mark.sqlite
def test_a_card_without_photo_is_read_on_the_back():
    """B17, B18, R3: nine digits, no printed beginning."""
    eloise, _ = registrant("keller")
    eloise.until("numero-de-serie").does_not_see("8025000002")
    eloise.answer(vitale_serial="204 518 736")
    eloise.finish().sees("email de confirmation")


@pytest.mark.parametrize(
    "pasted", ["802500000201024576124", "8025000002 01024576124", "80 250 000 02 010 245 761 24", "01024576124 "]
)
def test_the_whole_serial_can_be_pasted_with_its_printed_beginning(pasted):
    """B20, R3: 21 digits lose the prefix."""
    fritz, _ = registrant("lamy", vitale_serial=pasted)
    fritz.finish().sees("email de confirmation")


@pytest.mark.parametrize("typed", ["487,63", "487.63", "487,63 €", " 487,63\u00a0€ ", "482,91 euros"])
@pytest.mark.sqlite
def test_who_has_no_health_cover_answers_with_a_payment(typed):
    """B16, R4: comma or point, spaces and €; any pension of the last six months."""
    perrin, _ = registrant("perrin")
    perrin.until("paiement", health_cover="no").sees(
        "Montant d'un paiement MSA (avec centimes) reçu au cours des 6 derniers mois (ex : complémentaire santé)"
    )
    perrin.answer(amount=typed)
    perrin.finish().sees("email de confirmation")


def test_who_has_no_card_answers_with_a_payment():
    """B19: « je n'ai pas de carte » leads to the payment."""
    youssef, _ = registrant("benali", card_kind="none")
    youssef.until("paiement").answer()
    youssef.finish().sees("email de confirmation")


@pytest.mark.sqlite
def test_who_cannot_read_the_serial_answers_with_a_payment():
    """B21: « Je n'arrive pas à lire ce numéro » leads to the payment question, and costs no try."""
    fritz, _ = registrant("lamy")
    fritz.until("numero-de-serie").press("Je n'arrive pas à lire ce numéro")
    assert fritz.slug == "paiement"
    fritz.answer(amount="59,00")
    fritz.finish().sees("email de confirmation")
    assert not happened(Event.REGISTRATION_ANSWERED_WRONGLY)


def test_the_serial_can_still_be_typed_after_saying_that_it_cannot_be_read():
    """B21: the card was found under a lamp."""
    fritz, _ = registrant("lamy")
    fritz.until("numero-de-serie").press("Je n'arrive pas à lire ce numéro")
    fritz.follow("Précédent").answer()
    assert fritz.slug == "mot-de-passe"
    fritz.finish().sees("email de confirmation")


def test_who_is_known_in_four_departments_gets_them_all_the_main_one_first():
    """F01, F02: departments and bouquets come from the registry, whatever the profile chosen."""
    mathieu, _ = registrant("dubreuil")
    mathieu.finish()
    (entry,) = happened(Event.REGISTRATION_COMPLETED)
    assert entry.detail["departments"] == ["45", "18", "28", "41"]
    assert Account.objects.get().member.affiliations.count() == 4


def test_a_revoked_card_proves_nothing():
    """R3: Mathieu's old card was lost."""
    mathieu, _ = registrant("dubreuil")
    mathieu.until("numero-de-serie").answer(vitale_serial="04119087263")
    assert mathieu.slug == "numero-de-serie"
    mathieu.sees("Ce numéro ne correspond pas aux renseignements que vous avez donnés.")


@pytest.mark.parametrize("typed", ["00/00/1950", "32/13/1950"])
def test_who_does_not_know_day_and_month_of_birth_registers(typed):
    """B11: both ways in which such a date is printed."""
    zohra, _ = registrant("haddad", birth_date=typed)
    zohra.finish().sees("email de confirmation")


@pytest.mark.parametrize(
    "typed",
    [
        {"birth_name": "d'orsay", "given_names": "eloise"},
        {"birth_name": "Keller-D’Orsay", "given_names": "Marie Odile, Éloïse"},
        {"birth_name": "d orsay keller", "given_names": "ÉLOÏSE"},
    ],
)
def test_names_are_accepted_as_people_write_them(typed):
    """B11: usage name, accents, case, hyphens, order."""
    eloise, _ = registrant("keller", **typed)
    eloise.finish().sees("email de confirmation")


def test_where_the_caisse_always_writes_the_password_goes_by_post_even_when_proven():
    """B22, R5: overseas; the page says so before the last click, and no e-mail leaves."""
    jean_noel, known = registrant("hoarau")
    jean_noel.until("mot-de-passe").sees("par courrier").does_not_see(known.persona.email)
    jean_noel.finish().sees("courrier à l'adresse que la MSA connaît")
    assert [letter.kind for letter in Letter.objects.all()] == ["temporary_password"]
    assert not Email.objects.exists()
    assert Account.objects.filter(member=known.member).exists()


def test_the_terms_are_accepted_by_the_last_click_and_their_version_and_time_are_kept(settings, held_clock):
    """B23, B24."""
    settings.TERMS_VERSION = "2031-07"
    fritz, _ = registrant("lamy")
    fritz.until("conditions")
    assert not Account.objects.exists()
    fritz.answer()
    account = Account.objects.get()
    assert account.terms_version == "2031-07"
    assert account.terms_accepted_at.isoformat() == "2026-03-02T08:30:00+00:00"


def test_the_confirmation_letter_goes_to_the_address_the_registry_knows():
    """R7: it tells the true person."""
    fritz, _ = registrant("lamy", email="somebody.else@example.org")
    fritz.finish()
    letter = Letter.objects.get(kind="registration_confirmation")
    assert letter.content["address"] == ["LAMY FRITZ", "12 rue des Tonneliers", "67000 STRASBOURG"]
    assert letter.department == "67"
