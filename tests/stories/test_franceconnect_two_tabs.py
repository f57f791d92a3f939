"""Two tabs, a double click, « Précédent », a page left open: what people do at a screen on the way by FranceConnect.

FS 3, FS 11, FS 13, I11, I12, I13, B29, R20.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import Account, Email, Letter
from franceconnect.models import Link, LinkConflict
from tests.franceconnect.client.traveller import START, Traveller, local
from tests.members import GARCIN, LAMY, OWN_PASSWORD
from tests.personas import persona
from tests.stories.registering import FINISH

pytestmark = pytest.mark.django_db
NUMBER, IDENTIFY, REGISTER = "Se connecter", "/franceconnect/identifiant/", "/franceconnect/inscription/"


def leave(caller: Traveller) -> str:
    return local(caller.back_from(caller.client.get(START)["Location"]))


def filled_in(caller: Traveller, name: str, **fields: str) -> dict[str, str]:
    form = next(form for form in caller.page.forms if name in form.names)
    return {**form.values, **fields}


def test_two_tabs_of_a_linked_member_both_end_in_the_space(simulator):
    """FS 3, I12: each round trip has a state of its own."""
    persona("garcin")
    Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    caller = Traveller(simulator, "garcin")
    first, second = leave(caller), leave(caller)
    assert caller.visit(second).path == "/mon-espace/"
    assert caller.visit(first).path == "/mon-espace/"
    assert caller.is_in
    assert Link.objects.count() == 1


def test_two_tabs_that_ask_for_the_number_make_one_link(simulator):
    """I13: the second tab finds the session of the first, whichever is sent first."""
    persona("garcin")
    caller = Traveller(simulator, "garcin")
    caller.arrive()
    first = filled_in(caller, "nir", nir=GARCIN)
    caller.visit(leave(caller))
    assert caller.press(NUMBER, nir=GARCIN).path == "/mon-espace/"
    late = caller.client.post(IDENTIFY, first)
    # The token of the page is that of the session before; whatever the answer, nothing is made and nobody is put out.
    assert late.status_code in (302, 403)
    assert caller.visit(IDENTIFY).path == "/mon-espace/"
    assert Link.objects.count() == 1
    assert Email.objects.filter(kind="franceconnect_linked").count() == 1


def test_the_other_tab_is_somebody_else_s(simulator):
    """FS 13: a couple at one computer; who came last is who is asked, and each number opens its own account only."""
    persona("garcin"), persona("orsini")
    caller = Traveller(simulator, "garcin").arrive()
    caller.hub, caller.citizen = simulator.browser(), "orsini"
    caller.arrive()
    caller.press(NUMBER, nir=GARCIN).sees("ne vont pas ensemble")
    assert not Link.objects.exists()
    caller.press(NUMBER, nir="290112B033911")
    assert caller.path == "/mon-espace/"
    assert Link.objects.get().account.member.nir.number == "290112B033911"


def test_who_came_back_as_somebody_else_is_not_in_the_session_of_the_one_before(simulator):
    """R15, I11: signed in here as one, back from FranceConnect as another: the first session is over."""
    persona("garcin")
    caller = Traveller(simulator, "lamy")
    back = leave(caller)
    caller.sign_in_here(nir=GARCIN, password=OWN_PASSWORD)
    assert caller.visit(back).path == IDENTIFY
    assert not caller.is_in


def test_back_after_signing_in_shows_no_question_again(simulator):
    """I11: « Précédent » to the page of the number leads to the space."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN)
    for page in (IDENTIFY, REGISTER, START):
        assert caller.visit(page).path == "/mon-espace/"
    assert Link.objects.count() == 1


def test_back_from_the_contact_details_changes_the_number_back_and_forth(simulator):
    """B29: whoever goes back from the registration and types the number again stands where they were."""
    persona("lamy")
    caller = Traveller(simulator, "lamy").arrive().press(NUMBER, nir=LAMY)
    assert caller.visit(IDENTIFY).press(NUMBER, nir=LAMY).path == REGISTER
    assert caller.press(FINISH).path == "/mon-espace/"
    assert Account.objects.count() == 1


def test_back_after_signing_out_opens_nothing(simulator):
    """C13, FS 17."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive().press(NUMBER, nir=GARCIN).press("Se déconnecter")
    assert caller.visit("/mon-compte/").path == "/connexion/"
    assert caller.visit(IDENTIFY).response.status_code == 410


@pytest.mark.parametrize(("button", "name"), [(NUMBER, "nir"), (FINISH, "email")], ids=["number", "contact details"])
def test_a_page_left_open_keeps_what_was_typed_and_takes_nothing(simulator, button, name):
    """CSRF: a stale token is one press more, in words; a forged form takes nothing."""
    persona("lamy")
    caller = Traveller(simulator, "lamy").arrive()
    if name == "email":
        caller.press(NUMBER, nir=LAMY)
    typed = {"nir": LAMY} if name == "nir" else {"email": "autre@example.org"}
    caller._show(
        caller.client.post(caller.path, filled_in(caller, name, **typed, csrfmiddlewaretoken="x" * 64)), caller.path
    )
    assert caller.response.status_code == 403
    caller.sees("Cette page est restée ouverte trop longtemps.")
    assert not Account.objects.exists()
    kept = filled_in(caller, name)[name]
    assert kept.replace(" ", "").replace("\u00a0", "") == typed[name]
    caller.press(button)
    assert caller.path != IDENTIFY


def at_once(caller: Traveller, path: str, fields: dict[str, Any], times: int = 3) -> list[int]:
    """The same form, sent several times in one moment by one browser."""

    def send(_: int) -> int:
        client = Client(REMOTE_ADDR="192.0.2.10")
        client.cookies.load({name: morsel.value for name, morsel in caller.client.cookies.items()})
        try:
            return client.post(path, fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as presses:
        return list(presses.map(send, range(times)))


@pytest.mark.django_db(transaction=True)
def test_an_impatient_hand_registers_once(simulator):
    """B29: one account, one link, one letter, one mail; each press is answered by a page."""
    persona("lamy")
    caller = Traveller(simulator, "lamy").arrive().press(NUMBER, nir=LAMY)
    answers = at_once(caller, REGISTER, filled_in(caller, "email"))
    assert set(answers) == {302}
    assert Account.objects.count() == Link.objects.count() == Letter.objects.count() == 1
    assert list(Email.objects.values_list("kind", flat=True)) == ["franceconnect_registered"]
    assert not LinkConflict.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_impatient_hand_is_linked_once(simulator):
    """I13: the database decides between them; no case for the support desk out of a double click."""
    persona("garcin")
    caller = Traveller(simulator, "garcin").arrive()
    answers = at_once(caller, IDENTIFY, filled_in(caller, "nir", nir=GARCIN))
    assert set(answers) == {302}
    assert Link.objects.count() == 1
    assert Email.objects.filter(kind="franceconnect_linked").count() == 1
    assert not LinkConflict.objects.exists()
    assert caller.client.cookies[settings.BROWSER_COOKIE_NAME].value
