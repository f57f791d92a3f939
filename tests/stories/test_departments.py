"""« Complément d'inscription »: ask, be accepted, receive, type, choose a password, see (G07, H01 to H10, F02, R11)."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import Traveller

from accounts.letters.text import compose
from accounts.models import Account, Letter, OpenDepartment
from enrolment.departments import deciding
from enrolment.models import DepartmentRequest
from tests.agents import an_agent
from tests.members import LAMY, NEXT_PASSWORD, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, sign_in

pytestmark = [pytest.mark.django_db]
PAGE = "/mon-compte/complement-inscription/"
EVERYBODY = "Inscrivez-vous aux services sécurisés d'une autre MSA (tout public)"


@pytest.fixture
def clock(held_clock: Traveller) -> Iterator[Traveller]:
    return held_clock


@pytest.fixture
def account(held_clock: Traveller, db: None) -> Account:
    return an_account()


def asked_for(department: str = "01", caller: Caller | None = None) -> Caller:
    caller = caller or sign_in(Caller())
    return caller.visit(PAGE).follow(EVERYBODY).press("Valider", department=department)


def accepted() -> DepartmentRequest:
    request = DepartmentRequest.objects.get()
    assert deciding.accept(request, by=an_agent(), now=timezone.now())
    return request


def code_of_the_letter() -> str:
    return compose(Letter.objects.get()).secret


def test_from_mon_compte_to_a_department_that_is_open(account: Account, clock: Traveller) -> None:
    """G07, H02 to H10, A08, R11."""
    caller = sign_in(Caller()).visit("/mon-compte/").sees("Mes dossiers")
    caller.follow("M'inscrire dans un autre département ou compléter mon inscription")
    assert (caller.path, caller.title) == (PAGE, "Complément d'inscription")
    caller.sees(
        "Ce service vous permet de gérer votre inscription en fonction de vos besoins et de votre statut. "
        "N'hésitez pas à consulter le mode d'emploi, il est là pour vous aider.",
        "Le mode d'emploi",
        "Complétez votre inscription aux services sécurisés de la MSA 68 (entreprises ou exploitants)",
        EVERYBODY,
    )
    caller.follow(EVERYBODY)
    assert caller.title == "Choix d'un département d'inscription"
    caller.sees("Les champs suivis du symbole * sont obligatoires.", "Département *", "01-Ain", "Annuler")
    caller.press("Valider", department="01")
    assert caller.title == "Accusé de réception"
    caller.sees(
        "Votre demande a bien été prise en compte.",
        "Vous recevrez d'ici quelques jours votre code confidentiel qui vous permettra d'accéder aux services "
        "sécurisés. Lors de la première connexion, vous devrez personnaliser ce mot de passe.",
        "01-Ain",
        DepartmentRequest.objects.get().reference,
        "2 mars 2026",
        "Retour à l'accueil",
    )
    assert DepartmentRequest.objects.get().reference in last_mail_to(EMAIL)
    accepted()
    caller.visit(PAGE).sees("Demande acceptée", "Courrier avec votre code en préparation")
    caller.follow("Taper mon code").press("Valider", code=code_of_the_letter())
    caller.sees("Votre mot de passe est temporaire. Vous devez le personnaliser.")
    # No page can be reached around it.
    assert caller.visit("/mon-espace/").path == "/mot-de-passe/personnaliser/"
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert caller.path == "/mot-de-passe/personnalise/"
    caller.visit("/mon-espace/").sees("67-Bas-Rhin", "01-Ain")
    assert OpenDepartment.objects.get().origin == OpenDepartment.Origin.CODE
    clock.shift(timedelta(minutes=1))
    assert sign_in(Caller("192.0.2.11"), NEXT_PASSWORD).path == "/mon-espace/"


def test_the_code_opens_at_sign_in_beside_the_number(account: Account) -> None:
    """H09, R11: the NIR and the code of the letter, then a password of one's own."""
    asked_for()
    accepted()
    caller = sign_in(Caller("192.0.2.12"), code_of_the_letter(), nir=LAMY)
    assert caller.path == "/mot-de-passe/personnaliser/"
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.visit("/mon-espace/").sees("01-Ain")


def test_the_breadcrumb_leads_back(account: Account) -> None:
    """H10."""
    caller = asked_for()
    crumbs = [text for text, _ in caller.page.links][: len(caller.page.links)]
    assert [each for each in crumbs if each in ("MSA", "Mon Espace Privé", "Complément d'inscription")][:3]
    assert re.search(r"MSA Mon Espace Privé Complément d'inscription Accusé", caller.text)
