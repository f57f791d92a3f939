"""A company asks, is accepted, receives its letter, signs in by its SIRET, sees its space (R1, B02, R11 to R13)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import Traveller

from accounts import outbox
from accounts.letters.text import compose
from accounts.models import Account, Letter
from enrolment import companies
from enrolment.models import RegistrationRequest
from tests.agents import an_agent
from tests.companies import COMPANY, DETAILS, KNOWN, SIRET, a_company, a_request
from tests.members import LAMY, NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.registering import COMPANY as TYPED
from tests.stories.registering import Registrant
from tests.stories.signing_in import digits_in_mail_to, link_in_mail_to

pytestmark = [pytest.mark.django_db]
EMAIL = DETAILS["email"]
DOOR, SPACE, ACCOUNT = "/connexion/entreprise/", "/mon-entreprise/", "/mon-entreprise/compte/"
NOT_FITTING = "L'identifiant ou le mot de passe ne correspond pas."


@pytest.fixture
def clock(held_clock: Traveller) -> Iterator[Traveller]:
    return held_clock


def sign_in(password: str, caller: Caller | None = None, siret: str = SIRET) -> Caller:
    caller = caller or Caller()
    return caller.visit(DOOR).press("Se connecter", login_id=siret, password=password)


def accept() -> RegistrationRequest:
    request = RegistrationRequest.objects.get()
    assert companies.accept(request, establishment=KNOWN, by=an_agent(), now=timezone.now())
    return request


@pytest.mark.sqlite
def test_from_the_request_to_the_space(clock: Traveller) -> None:
    """R1, B02, R8, R13: requested, decided, letter, first sign-in, password, contact details, space."""
    Registrant(TYPED | {"profile": "company", "email": EMAIL}).finish()
    request = accept()
    assert request.reference in last_mail_to(EMAIL)
    letter = Letter.objects.get()
    text = compose(letter)
    assert text.address == ("SCEA DES TROIS SOURCES", "ODILE VASSEUR", "4 chemin du Moulin", "67320 DRULINGEN")
    assert "« Je suis une entreprise »" in " ".join(text.paragraphs).replace("\u00a0", " ")
    assert text.secret not in last_mail_to(EMAIL)
    caller = Caller().visit("/connexion/").follow("Je suis une entreprise")
    assert caller.path == DOOR
    caller.press("Se connecter", login_id="732 829 320 00074", password=text.secret)
    caller.sees("Votre mot de passe est temporaire. Vous devez le personnaliser.")
    assert caller.visit(SPACE).path == "/mot-de-passe/personnaliser/"
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.follow("Continuer").press("Je confirme mes coordonnées")
    assert caller.path == "/coordonnees/confirmer/email/"
    caller.press("Valider", code=digits_in_mail_to(EMAIL))
    caller.follow("Accéder à Mon espace privé")
    assert (caller.path, caller.title) == (SPACE, "Mon espace privé : entreprise")
    caller.sees(COMPANY, "732 829 320 00074", "MSA Alsace", "67-Bas-Rhin", "Odile Vasseur, gérante")
    caller.sees("Mes demandes", request.reference, "Acceptée le 2 mars 2026")
    caller.does_not_see("Mes paiements", "associer mon compte", "Complément d'inscription")
    caller.press("Se déconnecter")
    clock.shift(timedelta(minutes=1))
    assert sign_in(NEXT_PASSWORD, Caller("192.0.2.11")).path == SPACE


def test_the_letter_s_code_serves_once_and_for_30_days(clock: Traveller) -> None:
    """R13."""
    a_request()
    accept()
    code = compose(Letter.objects.get()).secret
    caller = sign_in(code)
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert NOT_FITTING in sign_in(code, Caller("192.0.2.12")).text


def test_the_letter_s_code_is_over_after_30_days(clock: Traveller) -> None:
    """R13."""
    a_request()
    accept()
    clock.shift(timedelta(days=30, seconds=1))
    assert NOT_FITTING in sign_in(compose(Letter.objects.get()).secret).text


@pytest.mark.parametrize("door", ["/connexion/", DOOR])
def test_a_siret_is_taken_at_both_doors(door: str) -> None:
    """R1: a company that overlooked its own page is not turned away."""
    a_company()
    caller = Caller().visit(door).press("Se connecter", login_id="732 829 320 00074", password=OWN_PASSWORD)
    assert caller.path == SPACE


def test_who_cut_the_key_of_their_number_short_is_told_so() -> None:
    """R1, B05: fourteen digits whose control is wrong are no SIRET."""
    caller = Caller().visit("/connexion/").press("Se connecter", login_id="16309674822290", password="x")
    caller.sees("Vous avez tapé 14 chiffres. Il manque un chiffre à la clé")


def test_the_company_s_door_speaks_of_its_number() -> None:
    """R1: nine digits are a SIREN; a number of a person has 13."""
    caller = Caller().visit(DOOR).press("Se connecter", login_id="732829320", password="x")
    caller.sees("Vous avez tapé les 9 chiffres du SIREN.")
    caller.press("Se connecter", login_id=LAMY, password="x").sees("le numéro SIRET en compte 14")


def test_an_unknown_siret_reads_what_a_wrong_password_reads() -> None:
    """R12: nobody learns which companies have a space; the fifth try waits."""
    a_company()
    known, unknown = Caller("192.0.2.21"), Caller("192.0.2.22")
    for _ in range(6):
        answers = [sign_in("Faux-Mot-9!", known), sign_in("Faux-Mot-9!", unknown, "55210055400013")]
        assert answers[0].page.errors == answers[1].page.errors
        assert answers[0].response.status_code == answers[1].response.status_code
    assert known.response.status_code == 429


def test_a_password_does_not_hold_the_company_s_name_nor_its_number(clock: Traveller) -> None:
    """R9."""
    a_request()
    accept()
    caller = sign_in(compose(Letter.objects.get()).secret)
    for chosen in (f"Ab!{SIRET}", "Ab!732829320xy", "Trois-Sources-26!", "Vasseur-2026-Or!"):
        caller.press("Valider", new_password1=chosen, new_password2=chosen)
        caller.sees("ni votre identifiant (numéro de Sécurité sociale, ou SIRET d'une entreprise)")


class TestMonCompte:
    """R1: e-mail, password, telephones; as a member's, at the company's own addresses."""

    @pytest.fixture
    def caller(self, held_clock: Traveller) -> Caller:
        a_company()
        return sign_in(OWN_PASSWORD).follow("Mon compte")

    def test_it_shows_what_is_known(self, caller: Caller) -> None:
        assert (caller.path, caller.title) == (ACCOUNT, "Mon compte")
        caller.sees(EMAIL, "01 99 00 12 34", "4 chemin du Moulin", "67320 DRULINGEN")
        caller.does_not_see("associer mon compte", "Services connectés", "Qui a consulté", "Mode de réception")

    def test_the_email_changes_by_a_link(self, caller: Caller) -> None:
        """G01, R13."""
        caller.follow("modifier cet email")
        caller.press("Envoyer le lien", email="bureau@example.org", password=OWN_PASSWORD)
        assert caller.path == ACCOUNT
        caller.visit(link_in_mail_to("bureau@example.org")).press("Confirmer cette adresse")
        assert Account.objects.get(kind="company").email == "bureau@example.org"

    def test_the_password_changes_after_the_present_one(self, caller: Caller) -> None:
        """G01."""
        caller.follow("modifier ce mot de passe")
        given = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
        caller.press("Enregistrer mon mot de passe", password="Faux-Mot-9!", **given)
        caller.sees("Ce n'est pas votre mot de passe actuel.")
        caller.press("Enregistrer mon mot de passe", password=OWN_PASSWORD, **given)
        assert caller.path == ACCOUNT
        caller.sees("Votre mot de passe a bien été modifié.")

    def test_the_telephones_change(self, caller: Caller) -> None:
        """G02."""
        caller.follow("modifier ces numéros").press("Enregistrer", mobile="06 39 98 10 08")
        assert caller.path == ACCOUNT
        caller.sees("06 39 98 10 08")

    def test_annuler_leads_back(self, caller: Caller) -> None:
        assert caller.follow("modifier ces numéros").follow("Annuler").path == ACCOUNT


class TestForgottenPassword:
    """D09 for a SIRET: a link to the proven e-mail, else a letter to where the caisse knows the company."""

    def ask(self) -> Caller:
        caller = Caller("192.0.2.31").visit("/mot-de-passe/oublie/")
        return caller.press("Continuer", login_id="732 829 320 00074").sees("Votre demande est enregistrée")

    def test_by_a_link(self, held_clock: Traveller) -> None:
        a_company()
        self.ask().visit(link_in_mail_to(EMAIL))
        caller = Caller("192.0.2.32").visit(link_in_mail_to(EMAIL))
        caller.press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
        assert sign_in(NEXT_PASSWORD).path == SPACE

    def test_by_a_letter(self, clock: Traveller) -> None:
        """R8, R13: the e-mail was never proven."""
        a_company(email_proven_at=None)
        clock.move_to("2026-12-20 10:00:00+01:00")
        self.ask()
        outbox.sweep(now=timezone.now())
        letters = Letter.objects.order_by("created_at")
        assert [letter.kind for letter in letters] == ["company_code", "company_code"]
        text = compose(letters[1])
        assert "Vous avez demandé un nouveau mot de passe" in text.paragraphs[1]
        sign_in(text.secret).sees("Votre mot de passe est temporaire.")


def test_a_member_has_no_business_in_a_company_s_space(held_clock: Traveller) -> None:
    """R1."""
    an_account()
    caller = Caller().visit("/connexion/").press("Se connecter", login_id=LAMY, password=OWN_PASSWORD)
    for page in (SPACE, ACCOUNT, f"{ACCOUNT}email/", f"{ACCOUNT}mot-de-passe/", f"{ACCOUNT}telephones/"):
        assert caller.visit(page).path == "/mon-espace/"


def test_autre_is_told_that_the_caisse_calls(held_clock: Traveller) -> None:
    """R1: no self-service, and no dead end."""
    request = a_request("other", siret="")
    assert companies.accept(request, by=an_agent(), now=timezone.now())
    mail = last_mail_to(EMAIL)
    assert request.reference in mail
    assert "Un conseiller vous appelle" in mail
    assert "SIRET" not in mail
    assert not Letter.objects.exists()
