"""The first sign-in: a password of one's own, which nobody gets around (D01 to D08, R9)."""

import json

import pytest

from accounts.models import Account, Entry, Event
from accounts.passwords import REFUSALS
from tests.members import NEXT_PASSWORD, an_account
from tests.stories.caller import Caller
from tests.stories.pages import squeezed
from tests.stories.signing_in import sign_in, temporary_password

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def account(db: None) -> Account:
    return an_account(password=None)


@pytest.fixture
def newcomer(account: Account) -> Caller:
    return sign_in(Caller(), temporary_password(account))


def choose(caller: Caller, first: str, second: str | None = None) -> Caller:
    return caller.press("Valider", new_password1=first, new_password2=first if second is None else second)


def test_the_page_says_what_the_guide_says(newcomer: Caller) -> None:
    """D01 to D06."""
    newcomer.sees(
        "Changement de votre mot de passe",
        "Votre mot de passe est temporaire. Vous devez le personnaliser.",
        "Votre mot de passe doit contenir un minimum de 8 caractères en combinant des chiffres, des majuscules, des "
        "minuscules et des caractères spéciaux",
        "Votre nouveau mot de passe",
        "Confirmer le mot de passe",
        "entre 8 et 50 caractères",
        "? . / : ; , = > < @",
    )
    assert newcomer.path == "/mot-de-passe/personnaliser/"


def test_a_good_password_leads_on_to_the_contact_details(newcomer: Caller) -> None:
    """D07."""
    choose(newcomer, NEXT_PASSWORD).sees(
        "Votre mot de passe a bien été modifié.",
        "Avant d'accéder à votre espace privé MSA, nous vous demandons de confirmer vos coordonnées.",
    )
    assert newcomer.follow("Continuer").path == "/coordonnees/confirmer/"
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    assert Entry.objects.filter(event=Event.PASSWORD_PERSONALISED).count() == 1
    assert newcomer.visit("/mot-de-passe/personnaliser/").path == "/coordonnees/confirmer/"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1?", "length"),
        ("Ab1?" * 13, "length"),
        ("vergertranquille", "kinds"),
        ("Azerty123!", "common"),
        ("Lamy+Verger77", "personal"),
        ("Verger+08091963", "personal"),
        ("Verger-1630967482229", "personal"),
    ],
)
def test_a_refused_password_is_explained_and_changes_nothing(newcomer: Caller, password: str, code: str) -> None:
    """D06, R9."""
    choose(newcomer, password).sees(squeezed(REFUSALS[code]))
    assert not Account.objects.get().has_usable_password()
    assert newcomer.visit("/mon-espace/").path == "/mot-de-passe/personnaliser/"


def test_two_different_passwords_are_refused(newcomer: Caller) -> None:
    choose(newcomer, NEXT_PASSWORD, NEXT_PASSWORD + "x").sees("Les deux mots de passe sont différents.")
    choose(newcomer, NEXT_PASSWORD, "").sees("Ce champ est exigé.")
    assert not Account.objects.get().has_usable_password()


def test_the_temporary_password_itself_is_no_choice_for_later(newcomer: Caller, account: Account) -> None:
    choose(newcomer, NEXT_PASSWORD)
    newcomer.press("Se déconnecter")
    sign_in(newcomer, NEXT_PASSWORD)
    assert newcomer.path == "/coordonnees/confirmer/"


@pytest.mark.parametrize("password", ["", "Ab1?", "azerty", "Lamy+Verger77", "Grillon-42", NEXT_PASSWORD, "x" * 200])
def test_the_gauge_and_the_form_are_one_judge(newcomer: Caller, password: str) -> None:
    """D05."""
    token = next(form for form in newcomer.page.forms if "new_password1" in form.names).values["csrfmiddlewaretoken"]
    answer = newcomer.client.post("/mot-de-passe/force/", {"password": password, "csrfmiddlewaretoken": token})
    told = json.loads(answer.content)
    assert told["level"] in ("faible", "moyen", "fort")
    assert told["accepted"] == (not told["missing"])
    choose(newcomer, password or " ")
    for sentence in told["missing"]:
        newcomer.sees(squeezed(sentence))
    assert Account.objects.get().has_usable_password() == told["accepted"]


def test_the_gauge_is_asked_by_post_and_with_a_token_only(newcomer: Caller) -> None:
    assert newcomer.client.get("/mot-de-passe/force/?password=x").status_code == 405
    assert newcomer.client.post("/mot-de-passe/force/", {"password": "x"}).status_code == 403


def test_a_form_token_of_yesterday_shows_the_form_again_and_takes_nothing(newcomer: Caller) -> None:
    form = {"csrfmiddlewaretoken": "x" * 64, "new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
    answer = newcomer.client.post("/mot-de-passe/personnaliser/", form)
    assert answer.status_code == 403
    assert "Cette page est restée ouverte trop longtemps" in answer.content.decode()
    assert NEXT_PASSWORD not in answer.content.decode()
    assert not Account.objects.get().has_usable_password()
