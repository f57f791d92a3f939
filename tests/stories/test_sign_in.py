"""Signing in and out, in the words of the page (C01 to C07, C11 to C13, R12, R14)."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from time_machine import Traveller

from accounts.models import Account
from tests.members import GARCIN, LAMY, OWN_PASSWORD, a_member, an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in, temporary_password

pytestmark = [pytest.mark.django_db]
WRONG = "L'identifiant ou le mot de passe ne correspond pas."


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


def test_the_window_has_everything_of_the_guide() -> None:
    """C01 to C07, C10, C11, B01."""
    caller = Caller().visit("/").follow("Se connecter")
    caller.sees(
        "Se connecter à Mon espace privé", "Fermer", "S'inscrire", "Identifiant", "Où trouver mon identifiant ?",
        "Mot de passe", "J'ai oublié mon mot de passe", "Aide à la connexion",
        "Renseignez votre numéro de département :",
        "Vous n'avez pas encore de compte MSA ? Inscrivez-vous rapidement dès maintenant.",
    )  # fmt: skip
    assert 'placeholder="N° de Sécurité Sociale"' in caller.response.content.decode()


def test_empty_fields_are_asked_for() -> None:
    """C06."""
    Caller().visit("/connexion/").press("Se connecter").sees("Ce champ est exigé.")


@pytest.mark.parametrize("typed", [LAMY, "1 63 09 67 482 229", "1 63 09 67 482 229 06", "163096748222906"])
def test_the_number_is_taken_in_any_spelling(account: Account, typed: str) -> None:
    """C12, B08."""
    caller = sign_in(Caller(), nir=typed)
    assert caller.path == "/mon-espace/"


def test_signing_out_leaves_nothing_open(account: Account) -> None:
    """C13."""
    caller = sign_in(Caller())
    caller.press("Se déconnecter").sees("Vous êtes déconnecté")
    assert caller.visit("/mon-espace/").path == "/connexion/"


def test_nobody_is_signed_out_by_a_link(account: Account) -> None:
    caller = sign_in(Caller())
    caller.visit("/deconnexion/").sees("Se déconnecter ?")
    assert caller.visit("/mon-espace/").path == "/mon-espace/"


def test_a_refusal_says_the_same_to_everybody_and_keeps_the_identifier(account: Account) -> None:
    """R12."""
    an_account(a_member(GARCIN), password=None)
    said = set()
    for nir, password in [("2720367582905", OWN_PASSWORD), (LAMY, "Faux-Mot-9"), (GARCIN, OWN_PASSWORD)]:
        caller = sign_in(Caller(f"198.51.100.{len(said)}"), password, nir)
        caller.sees(WRONG, "Il vous reste 4 essais avant une attente d'une minute.")
        said.add(caller.response.content.decode().split("</h1>")[1].split("<form")[0])
        typed = next(form.values for form in caller.page.forms if "login_id" in form.names)
        assert typed["login_id"].replace(" ", "") == nir
        assert not typed.get("password")
    assert len(said) == 1


def test_the_sixth_try_waits_and_the_page_says_how_long(account: Account) -> None:
    caller = Caller()
    for _ in range(4):
        sign_in(caller, "Faux-Mot-9").sees(WRONG)
    sign_in(caller, "Faux-Mot-9").sees(WRONG, "Attendez une minute avant de réessayer")
    sign_in(caller).sees("Pour protéger votre compte, attendez une minute", "J'ai oublié mon mot de passe")
    assert caller.response.status_code == 429
    assert 0 < int(caller.response["Retry-After"]) <= 60


def test_after_the_next_failure_the_wait_that_is_told_is_the_true_one(account: Account, held_clock: Traveller) -> None:
    caller = Caller()
    for _ in range(5):
        sign_in(caller, "Faux-Mot-9")
    held_clock.shift(61)
    sign_in(caller, "Faux-Mot-9").sees("Attendez 2 minutes avant de réessayer")


def test_one_leads_back_to_the_page_that_was_asked_for(account: Account) -> None:
    caller = Caller().visit("/mon-espace/paiements/")
    assert caller.path == "/connexion/"
    assert caller.press("Se connecter", login_id=LAMY, password=OWN_PASSWORD).path == "/mon-espace/paiements/"


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:evil.example", "javascript:evil(1)", "\t//evil.example", "/\t/evil.example",
        "https:///evil.example", "//evil.example\\@testserver/", "http://testserver@evil.example/", "evil", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["address", "form"])
def test_one_is_never_led_elsewhere(account: Account, asked: str, place: str) -> None:
    client = Client()
    typed = {"login_id": LAMY, "password": OWN_PASSWORD}
    if place == "address":
        page = client.get("/connexion/", {"suite": asked}).content.decode()
        assert "evil" not in page
        answer = client.post("/connexion/?" + urlencode({"suite": asked}), typed)
    else:
        answer = client.post("/connexion/", {**typed, "suite": asked})
    assert answer.status_code == 302
    assert answer["Location"] == "/mon-espace/"


def test_who_is_signed_in_needs_no_window(account: Account) -> None:
    caller = sign_in(Caller())
    assert caller.visit("/connexion/").path == "/mon-espace/"
    assert caller.visit("/connexion/?suite=/mon-compte/").path == "/mon-compte/"


def test_a_temporary_password_opens_one_browser_only(account: Account) -> None:
    """R13."""
    secret, mine, other = temporary_password(account), Caller(), Caller()
    sign_in(mine, secret).sees("Votre mot de passe est temporaire. Vous devez le personnaliser.")
    sign_in(other, secret).sees(WRONG)
    mine.press("Se déconnecter")
    sign_in(mine, secret.lower().replace("-", " ")).sees("Vous devez le personnaliser.")


def test_a_known_browser_is_not_locked_out_by_a_stranger(account: Account) -> None:
    """R12."""
    mine, stranger = Caller("192.0.2.10"), Caller("192.0.2.10")
    sign_in(mine).press("Se déconnecter")
    for _ in range(6):
        sign_in(stranger, "Faux-Mot-9")
    assert sign_in(stranger).response.status_code == 429
    assert sign_in(mine).path == "/mon-espace/"


def test_a_suspended_account_ends_at_once(account: Account) -> None:
    caller = sign_in(Caller())
    Account.objects.update(is_active=False)
    assert caller.visit("/mon-espace/").path == "/connexion/"
    sign_in(caller).sees(WRONG)


@pytest.mark.parametrize(
    "typed",
    [
        {"login_id": "x" * 10_000, "password": "y" * 10_000},
        {"login_id": "1630967482229\x00", "password": "a\x00b"},
        {"login_id": "163096748222907", "password": "x"},
        {"login_id": "1631367482229", "password": "x"},
    ],
)
def test_nonsense_gets_words_at_the_field(typed: dict[str, str]) -> None:
    caller = Caller().visit("/connexion/").press("Se connecter", **typed)
    caller.sees("À corriger")
    assert caller.response.status_code == 200


def test_bytes_that_are_no_text_are_no_error() -> None:
    client = Client()
    answer = client.post(
        "/connexion/", b"login_id=%ff%fe&password=%c3%28", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
