"""What breaks on the way to FranceConnect and back, or is broken on purpose: nothing half made, told, another way in.

Issue 4, « Done when », fault stories; FS 3, FS 6 to FS 9, FS 24, B5, R12.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.models import Account, Entry, Event, Letter
from franceconnect.client import transport
from franceconnect.models import Link, RoundTrip
from tests.franceconnect.client.traveller import START, Traveller, local
from tests.members import GARCIN, LAMY, OWN_PASSWORD
from tests.personas import persona
from tests.stories.nothing_made import made, nothing_is_made, told_of
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db
NUMBER = "Se connecter"
BY_PASSWORD = "Se connecter avec mon numéro de Sécurité sociale"


@pytest.fixture
def garcin(simulator) -> Traveller:
    """Linked, and not signed in: without the fault, FranceConnect would open his space at once."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    return Traveller(simulator, "garcin")


def leave(caller: Traveller) -> str:
    """The callback that FranceConnect sends this browser to, not opened yet."""
    return local(caller.back_from(caller.client.get(START)["Location"]))


def goes_on_by_password(caller: Traveller) -> None:
    caller.follow(BY_PASSWORD).press("Se connecter", login_id=GARCIN, password=OWN_PASSWORD)
    assert caller.is_in


def told(caller: Traveller, slug: str, *words: str) -> None:
    """The page, its words, its reference, the other way in."""
    assert caller.path == f"/franceconnect/probleme/{slug}/", caller.text[:600]
    caller.sees(*words, "n'a rien créé ni changé à votre nom", "09 69 36 37 03")
    assert told_of(caller).detail["slug"] == slug
    assert not caller.is_in


def test_franceconnect_is_down_before_anybody_leaves(simulator, garcin):
    """B5: the page, then a sign-in page that says so in place of the button; back again, the button works."""
    simulator.stop()
    cache.clear()  # what was discovered holds for a day at most; today is another day
    with nothing_is_made():
        garcin.arrive()
        told(garcin, "injoignable", "FranceConnect ne répond pas")
    assert garcin.went == []
    garcin.visit("/connexion/").sees("FranceConnect")
    assert not garcin.offers("S'identifier avec FranceConnect")
    simulator.start()
    cache.clear()  # and a minute later it is tried again
    assert garcin.arrive().is_in
    assert garcin.visit("/connexion/").path == "/mon-espace/"


def test_franceconnect_goes_down_while_somebody_is_there(simulator, garcin):
    """FS 7: the code that came is not kept for another time."""
    back = leave(garcin)
    simulator.stop()
    with nothing_is_made():
        garcin.visit(back)
        told(garcin, "injoignable", "FranceConnect ne répond pas")
    goes_on_by_password(garcin)


@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
def test_franceconnect_is_slow(simulator, garcin, monkeypatch, endpoint):
    """FS 7: nobody waits for ever. The limits of the line are shortened here, so that the test does not wait either."""
    monkeypatch.setattr(transport, "READ", 0.4)
    monkeypatch.setattr(transport, "ALTOGETHER", 0.6)
    back = leave(garcin)
    simulator.turn(slow_endpoint=endpoint, slow_seconds=2)
    with nothing_is_made():
        garcin.visit(back)
        told(garcin, "trop-lent", "FranceConnect met trop de temps à répondre")
    goes_on_by_password(garcin)


@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
def test_franceconnect_fails(simulator, garcin, endpoint):
    """FS 6, B5."""
    back = leave(garcin)
    simulator.turn(failing_endpoint=endpoint)
    with nothing_is_made():
        garcin.visit(back)
        told(garcin, "injoignable")
    goes_on_by_password(garcin)


SPOILT = {
    "wrong_key": ("reponse-non-fiable", "n'a pas pu être vérifiée"),
    "tampered_userinfo": ("reponse-non-fiable", "n'a pas pu être vérifiée"),
    "other_subject": ("reponse-non-fiable", "n'a pas pu être vérifiée"),
    "wrong_nonce": ("reponse-non-fiable", "n'a pas pu être vérifiée"),
    "forged_iss": ("retour-non-authentique", "Ce retour ne vient pas de FranceConnect"),
    "expired_code": ("trop-tard", "n'a pas été terminée à temps"),
    "low_acr": ("niveau-insuffisant", "pas assez sûr"),
    "no_family_name": ("identite-incomplete", "Il manque une information"),
}


@pytest.mark.parametrize(("spoil", "slug", "words"), [(name, *said) for name, said in SPOILT.items()], ids=SPOILT)
@pytest.mark.parametrize("first_time", [False, True], ids=["linked", "first time"])
def test_a_spoilt_answer_opens_nothing_to_anybody(simulator, garcin, spoil, slug, words, first_time):
    """FS 6, FS 8, FS 9: who is linked is not signed in, who is new is not even asked for a number."""
    if first_time:
        Link.objects.all().delete()
    simulator.turn(spoil=spoil)
    with nothing_is_made():
        garcin.arrive()
        told(garcin, slug, words)
    goes_on_by_password(garcin)


def test_a_callback_is_opened_again(garcin):
    """FS 3: reloaded, by « Précédent », or read over a shoulder; signed in the first time, and only then."""
    back = leave(garcin)
    assert garcin.visit(back).path == "/mon-espace/"
    garcin.visit(back).sees("Cette connexion a déjà eu lieu")
    assert garcin.offers("Aller à Mon espace privé")
    garcin.follow("Aller à Mon espace privé").press("Se déconnecter")
    with nothing_is_made():
        garcin.visit(back)
        told(garcin, "demande-deja-utilisee", "Cette connexion a déjà eu lieu")
    goes_on_by_password(garcin)


def test_a_callback_is_opened_in_another_browser(simulator, garcin):
    """FS 3: a thief's own return in a victim's browser, and a victim's in a thief's; who left may still arrive."""
    back, other = leave(garcin), Traveller(simulator, "garcin", address="198.51.100.7")
    with nothing_is_made():
        other.visit(back)
        told(other, "autre-navigateur", "Cette connexion a commencé dans un autre navigateur")
    goes_on_by_password(other)
    assert garcin.visit(back).path == "/mon-espace/"


def test_without_cookies_there_is_a_page_and_no_circle(garcin):
    """FS 3: whoever refuses cookies reads to accept them."""
    back = leave(garcin)
    garcin.client.cookies.clear()
    with nothing_is_made():
        garcin.visit(back)
        told(garcin, "autre-navigateur", "Acceptez les cookies")


# What a process that dies between two writes leaves behind: here the disk of the database is full at the second one.
DISK_FULL = """CREATE FUNCTION pg_temp.disk_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'no space left' USING ERRCODE = 'disk_full'; END $$"""


@contextmanager
def full(table: str) -> Iterator[None]:
    """Meanwhile this table takes no new row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(DISK_FULL)
        cursor.execute(f"CREATE TRIGGER full_up BEFORE INSERT ON {table} EXECUTE FUNCTION pg_temp.disk_full()")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER full_up ON {table}")


def breaks(caller: Traveller, path: str, fields: dict[str, Any] | None = None) -> None:
    """This request is a fault of ours; the browser shows our page for it."""
    caller.client.raise_request_exception = False
    answer = caller.client.get(path) if fields is None else caller.client.post(path, fields)
    assert answer.status_code == 500
    assert "Cela vient de nous, pas de vous" in answer.content.decode()
    caller.client.raise_request_exception = True


def filled_in(caller: Traveller, name: str, **fields: str) -> dict[str, str]:
    form = next(form for form in caller.page.forms if name in form.names)
    return {**form.values, **fields}


@pytest.mark.parametrize("table", ["franceconnect_link", "accounts_email", "accounts_entry"])
def test_a_first_sign_in_that_breaks_in_the_middle_leaves_nothing(simulator, table):
    """I13, R20: link, mail and journal are written together or not at all; the same page, sent again, succeeds."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    sent = filled_in(caller, "nir", nir=GARCIN)
    before = made()
    with full(table):
        breaks(caller, "/franceconnect/identifiant/", sent)
    assert made() == before
    assert caller.press(NUMBER, nir=GARCIN).path == "/mon-espace/"
    assert Link.objects.count() == 1


@pytest.mark.parametrize("table", ["accounts_account", "franceconnect_link", "accounts_letter", "accounts_email"])
def test_a_registration_that_breaks_in_the_middle_leaves_nothing(simulator, table):
    """B29, R20: account, link, letter and mail are written together or not at all."""
    persona("lamy")
    caller = Traveller(simulator, "lamy").arrive().press(NUMBER, nir=LAMY)
    sent = filled_in(caller, "email")
    before = made()
    with full(table):
        breaks(caller, "/franceconnect/inscription/", sent)
    assert made() == before
    assert caller.press(FINISH).path == "/mon-espace/"
    assert Account.objects.count() == Link.objects.count() == Letter.objects.count() == 1


def test_linked_and_then_cut_off_before_the_session_the_member_just_comes_again(simulator):
    """I12, I13: the link stands, nobody is signed in; the next time asks nothing."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    sent = filled_in(caller, "nir", nir=GARCIN)
    with full("django_session"):
        breaks(caller, "/franceconnect/identifiant/", sent)
    assert Link.objects.count() == 1
    assert not caller.is_in
    assert caller.arrive().path == "/mon-espace/"
    assert Entry.objects.filter(event=Event.FRANCECONNECT_LINKED).count() == 1


def test_a_return_that_is_cut_off_before_the_session_signs_nobody_in(garcin):
    """FS 3: the state is spent, and the member comes again."""
    back = leave(garcin)
    with full("django_session"):
        breaks(garcin, back)
    assert not garcin.is_in
    assert garcin.visit(back).path == "/franceconnect/probleme/demande-deja-utilisee/"
    assert garcin.follow("Réessayer avec FranceConnect").path == "/mon-espace/"


def test_a_dissociation_that_breaks_in_the_middle_changes_nothing(garcin):
    """I14, FS 18: the mail could not be written, so the link stands."""
    garcin.arrive().visit("/mon-compte/franceconnect/dissocier/")
    form = next(form for form in garcin.page.forms if any("Dissocier" in button.text for button in form.buttons))
    with full("accounts_email"):
        breaks(garcin, "/mon-compte/franceconnect/dissocier/", form.values)
    assert Link.objects.count() == 1
    assert not Entry.objects.filter(event=Event.FRANCECONNECT_UNLINKED).exists()
    assert garcin.press("Dissocier mon compte FranceConnect").path == "/mon-compte/"
    assert not Link.objects.exists()


def test_nothing_of_who_came_is_kept_once_it_had_its_effect(simulator):
    """FS 23: what waited for the number is gone with it."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    assert not RoundTrip.objects.exclude(arrival=None).exists()
