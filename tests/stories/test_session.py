"""A session from its beginning to its end, and what a thief cannot do with it (R14)."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from accounts import retention
from accounts.models import Account, Entry
from tests.members import LAMY, NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.stories.caller import Caller
from tests.stories.signing_in import sign_in, temporary_password

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
IDLE = "Rien n'a bougé ici pendant 30 minutes : nous avons fermé votre session pour vous protéger."
TOO_LONG = "Votre session était ouverte depuis 12 heures : nous l'avons fermée pour vous protéger."


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


def cookie(caller: Caller) -> str:
    return caller.client.cookies["session"].value


def test_after_30_idle_minutes_the_session_ends_and_says_why(account: Account, held_clock: Traveller) -> None:
    caller = sign_in(Caller())
    held_clock.shift(timedelta(minutes=29, seconds=59))
    assert caller.visit("/mon-compte/").path == "/mon-compte/"
    held_clock.shift(timedelta(minutes=31, seconds=1))
    assert caller.visit("/mon-compte/").sees(IDLE).path == "/connexion/"
    caller.visit("/connexion/").does_not_see(IDLE)
    assert Entry.objects.get(event="session:ended").detail == {"reason": "idle"}


def test_after_12_hours_the_session_ends_however_busy_and_says_why(account: Account, held_clock: Traveller) -> None:
    caller = sign_in(Caller())
    for _ in range(36):
        held_clock.shift(timedelta(minutes=20))
        assert caller.visit("/mon-compte/").path == "/mon-compte/"
    held_clock.shift(timedelta(minutes=1))
    assert caller.visit("/mon-compte/").sees(TOO_LONG).path == "/connexion/"
    assert caller.press("Se connecter", login_id=LAMY, password=OWN_PASSWORD).path == "/mon-compte/"


def test_staying_signed_in_is_a_button_that_works_until_it_is_too_late(account: Account, held_clock: Traveller) -> None:
    caller = sign_in(Caller())
    token = {"csrfmiddlewaretoken": caller.page.forms[0].values["csrfmiddlewaretoken"]}
    for _ in range(3):
        held_clock.shift(timedelta(minutes=28))
        assert caller.client.post("/session/prolonger/", token).status_code == 204
    held_clock.shift(timedelta(minutes=31))
    assert caller.client.post("/session/prolonger/", token).status_code == 401
    assert caller.client.get("/session/prolonger/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/session/prolonger/").status_code == 403


def test_the_page_tells_its_script_when_to_warn(account: Account) -> None:
    page = sign_in(Caller()).response.content.decode()
    assert "1800" in page
    assert "120" in page


def test_a_key_planted_before_is_worth_nothing_after(account: Account) -> None:
    """Session fixation."""
    caller = Caller().visit("/inscription/profil/").press("Suivant", profile="individual")
    planted = cookie(caller)
    sign_in(caller)
    assert cookie(caller) != planted
    thief = Caller()
    thief.client.cookies["session"] = planted
    assert thief.visit("/mon-espace/").path == "/connexion/"


def test_the_table_of_sessions_opens_none(account: Account) -> None:
    caller = sign_in(Caller())
    rows = set(Session.objects.values_list("session_key", flat=True))
    assert cookie(caller) not in rows
    for row in rows:
        thief = Caller()
        thief.client.cookies["session"] = row
        assert thief.visit("/mon-espace/").path == "/connexion/"


def test_the_key_from_before_signing_out_is_worth_nothing(account: Account) -> None:
    caller = sign_in(Caller())
    old = cookie(caller)
    caller.press("Se déconnecter")
    caller.client.cookies["session"] = old
    assert caller.visit("/mon-espace/").path == "/connexion/"


def test_a_changed_password_ends_the_sessions_elsewhere(account: Account) -> None:
    here, elsewhere = sign_in(Caller()), sign_in(Caller())
    here.visit("/mon-compte/mot-de-passe/").press(
        "Enregistrer", password=OWN_PASSWORD, new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD
    )
    assert here.visit("/mon-espace/").path == "/mon-espace/"
    assert elsewhere.visit("/mon-espace/").path == "/connexion/"


def test_of_two_sessions_that_personalise_the_second_has_ended(account: Account) -> None:
    """D01, R13."""
    secret, first = temporary_password(account), Caller()
    sign_in(first, secret)
    second = Caller()
    second.client.cookies["navigateur"] = first.client.cookies["navigateur"].value
    sign_in(second, secret).sees("Vous devez le personnaliser.")
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
    first.press("Valider", **chosen).sees("Votre mot de passe a bien été modifié.")
    other = {"new_password1": "Autre+Verger77", "new_password2": "Autre+Verger77"}
    assert second.press("Valider", **other).path == "/connexion/"
    assert Account.objects.get().check_password(NEXT_PASSWORD)


def test_reading_writes_nothing(account: Account, held_clock: Traveller) -> None:
    caller = sign_in(Caller())
    with CaptureQueriesContext(connection) as queries:
        caller.visit("/mon-espace/")
    assert not [q for q in queries.captured_queries if re.match("INSERT|UPDATE|DELETE", q["sql"])]
    assert len(queries.captured_queries) <= 15


def test_what_was_said_waits_in_no_cookie(account: Account) -> None:
    caller = sign_in(Caller())
    caller.visit("/mon-compte/telephones/").press("Enregistrer", mobile="06 39 98 10 77")
    assert set(caller.client.cookies) == {"session", "csrf", "navigateur"}


def test_ended_sessions_are_purged(account: Account, held_clock: Traveller) -> None:
    sign_in(Caller())
    held_clock.shift(timedelta(days=2))
    assert retention.purge(now=timezone.now())["sessions"] >= 1
    assert not Session.objects.exists()
