"""« Puis-je utiliser FranceConnect ? »: for everybody, and for one's own account (R2, J04 to J10, J15, D08, E06)."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Entry
from tests.members import OWN_PASSWORD, a_member, an_account
from tests.personas import persona
from tests.stories.caller import Caller
from tests.stories.signing_in import link_in_mail_to, sign_in

pytestmark = pytest.mark.django_db
PUBLIC, MINE = "/franceconnect/puis-je-l-utiliser/", "/mon-compte/franceconnect/"
MAY = "Vous pouvez utiliser FranceConnect"


def checked(account: Account) -> Caller:
    """The member's own check, right after a sign-in."""
    caller = Caller()
    sign_in(caller, nir=account.member.nir.number, path=f"/connexion/?suite={MINE}")
    assert caller.path == MINE
    return caller


def account_of(slug: str, **columns: Any) -> Account:
    known = persona(slug)
    return known.account or an_account(known.member, **{"email": known.persona.email, **columns})


def test_everybody_can_read_the_conditions() -> None:
    """J04, J06 to J10: in plain words, with what to do for each."""
    caller = Caller().visit(PUBLIC)
    caller.sees(
        "Puis-je utiliser FranceConnect ?",
        "particulier ou exploitant agricole",
        "commence par 1 ou par 2, et il est certifié",
        "date de naissance avec le jour et le mois",
        "Votre adresse email est confirmée",
        "de 8 à 50 caractères",
        "Il ne reçoit jamais votre mot de passe ni votre numéro de Sécurité sociale",
    ).does_not_see("NIR")
    for way in ("Inscrivez-vous", "Demandez à votre caisse", "Mon compte", "Choisissez-en un autre"):
        assert caller.offers(way)


def test_the_page_says_what_the_settings_let_in(settings: Any) -> None:
    """J05, J06."""
    settings.FEDERATION_PROFILES = ["individual"]
    settings.FEDERATION_PARTIAL_BIRTH_DATES = True
    page = Caller().visit(PUBLIC)
    page.sees("Vous relevez de la MSA comme particulier,", "ce n'est pas un obstacle")
    page.does_not_see("exploitant", "le jour et le mois")


def test_the_check_of_one_s_own_account_goes_by_the_sign_in_and_back() -> None:
    account = account_of("garcin")
    caller = Caller().visit(PUBLIC).follow("Vérifier avec mon compte")
    assert caller.path == "/connexion/"
    caller.press("Se connecter", login_id=account.member.nir.number, password=OWN_PASSWORD)
    assert caller.path == MINE
    caller.sees(MAY)


def test_an_eligible_member_reads_word_for_word_what_would_be_sent() -> None:
    """J15, FI 14 to FI 18: GARCIN Loïc André."""
    caller = checked(account_of("garcin"))
    caller.sees(
        MAY,
        "C'est un essai : rien n'a été envoyé.",
        "Prénoms Loïc André",
        "Nom de naissance GARCIN",
        "Date de naissance 11 octobre 1985 Transmis ainsi : 1985-10-11",
        "Sexe Homme Transmis ainsi : male",
        "Lieu de naissance Commune 13201 (Bouches-du-Rhône) Transmis ainsi : 13201",
        "Pays de naissance France Transmis ainsi : 99100",
        "Adresse email loic.garcin@example.org",
    )
    caller.does_not_see("Nom d'usage", "1851013201907", "06 39 98", "Il manque", "Amandiers")


def test_the_usage_name_and_the_birth_name_are_told_apart() -> None:
    """FI 15."""
    checked(account_of("keller")).sees("Nom d'usage D'ORSAY", "Nom de naissance KELLER")


def test_a_birth_abroad_has_an_empty_place() -> None:
    """FI 18."""
    caller = checked(account_of("papadakis"))
    caller.sees(MAY, "Naissance à l'étranger : pas de commune Transmis ainsi : (vide)", "99126")


def test_nothing_is_written_by_looking() -> None:
    """R21: the journal has nothing to tell of a check."""
    caller = checked(account_of("garcin"))
    before = Entry.objects.count()
    caller.visit(MINE)
    assert Entry.objects.count() == before


def test_a_waiting_number_is_told_what_to_wait_for() -> None:
    """J06, J08: BENALI, whose number begins with 3."""
    caller = checked(account_of("benali"))
    caller.sees(
        "Il manque 2 conditions",
        "Votre numéro de Sécurité sociale n'est pas encore certifié",
        "Votre numéro de Sécurité sociale est provisoire",
        "ils commencent par 1 ou par 2",
        "Votre caisse : MSA Dordogne Lot-et-Garonne",
    ).does_not_see(MAY)
    assert caller.offers("Contacter ma caisse")


def test_an_unknown_birth_date_is_told_as_such_unless_the_setting_lets_it_through(settings: Any) -> None:
    """J06, FI 17: HADDAD, born in 1950."""
    caller = checked(account_of("haddad"))
    caller.sees("Il manque une condition", "Votre date de naissance n'est pas connue en entier")
    caller.sees("Date de naissance 1950 Transmis ainsi : 1950-00-00")
    settings.FEDERATION_PARTIAL_BIRTH_DATES = True
    caller.visit(MINE).sees(MAY, "1950-00-00")


def test_an_address_that_waits_for_its_proof_is_mended_from_here() -> None:
    """E06, R8, J09: the whole way, by the link in the mail, back to « Vous pouvez »."""
    account = account_of("lamy", email_proven_at=None)
    caller = checked(account)
    caller.sees("Votre adresse email n'est pas encore confirmée", "Adresse email À compléter : voir plus haut")
    assert not caller.offers("Contacter ma caisse")
    caller.follow("Confirmer mon adresse email")
    caller.press("Envoyer le lien de confirmation", email=account.email, password=OWN_PASSWORD)
    Caller().visit(link_in_mail_to(account.email)).press("Confirmer cette adresse")
    caller.visit(MINE).sees(MAY, f"Adresse email {account.email}")


def test_without_an_address_one_can_be_added() -> None:
    caller = checked(account_of("lamy", email=None, email_proven_at=None))
    caller.sees("Il nous manque votre adresse email").follow("Ajouter mon adresse email")
    caller.sees("Votre nouvelle adresse email")


def test_a_farmer_reads_why_individuals_alone_may_enter(settings: Any) -> None:
    """J05."""
    settings.FEDERATION_PROFILES = ["individual"]
    caller = checked(account_of("santucci"))
    caller.sees("Votre situation à la MSA ne donne pas accès à FranceConnect")
    caller.follow("Voir les conditions")
    assert caller.path == PUBLIC


def test_a_dossier_that_lacks_something_names_it_in_french() -> None:
    """J15."""
    account = an_account(a_member(birth_place="", gender=""))
    caller = checked(account)
    caller.sees(
        "À compléter ou à corriger : Sexe, Lieu de naissance.", "Lieu de naissance À compléter : voir plus haut"
    )


def test_a_mention_of_a_death_is_a_question_for_the_caisse() -> None:
    caller = checked(account_of("moreau"))
    caller.sees("Votre dossier est à vérifier avec votre caisse", "Si c'est une erreur de notre part")


def test_without_a_caisse_today_the_help_page_finds_one() -> None:
    account = account_of("lamy")
    account.member.affiliations.all().delete()
    caller = checked(account)
    caller.sees("Votre situation à la MSA ne donne pas accès").follow("Trouver le contact de ma caisse")
    assert caller.path == "/aide/"


def test_my_account_leads_here() -> None:
    caller = checked(account_of("garcin")).visit("/mon-compte/")
    assert caller.follow("Puis-je utiliser FranceConnect").path == MINE


def test_whoever_has_a_duty_does_it_first() -> None:
    """D01, E01: no page is reached around it."""
    account = an_account(contact_confirmed_at=None)
    caller = Caller()
    sign_in(caller, nir=account.member.nir.number, path=f"/connexion/?suite={MINE}")
    assert caller.path == "/coordonnees/confirmer/"


def test_the_check_asks_for_the_affiliations_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The account with its member, the affiliations, the departments that a code opened; a read writes nothing."""
    caller = checked(account_of("dubreuil"))
    with django_assert_num_queries(4):
        caller.visit(MINE)


def test_the_addresses_are_those_of_the_contract() -> None:
    assert reverse("franceconnect:may_i_use_it") == PUBLIC
    assert reverse("franceconnect:my_eligibility") == MINE
