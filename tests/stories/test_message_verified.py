"""« Vérifier un message »: somebody doubts, types the code at its foot, and reads whether it is ours (R20, R22)."""

import re
from datetime import timedelta

import pytest
from time_machine import Traveller

from accounts import letters, throttling
from accounts.letters.text import compose
from accounts.models import Account, Letter
from tests.letters import A_MOMENT
from tests.members import LAMY, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]
PAGE = "/verifier/"
UNKNOWN = "Nous n'avons rien envoyé avec ce code."
OURS = "Nous avons bien envoyé un message avec ce code."


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


def check(code: str, caller: Caller | None = None) -> Caller:
    return (caller or Caller()).visit(PAGE).press("Vérifier", code=code)


def test_the_reader_of_a_mail_follows_its_foot_and_learns_that_it_is_ours(account: Account) -> None:
    Caller().visit("/mot-de-passe/oublie/").press("Continuer", login_id=LAMY)
    page, code = re.findall(r"^(https?://\S+|code \S+)$", last_mail_to(EMAIL), re.MULTILINE)[-2:]
    assert page.endswith(PAGE)
    caller = check(code.removeprefix("code "))
    caller.sees(OURS, "par e-mail", "2 mars 2026", "Choix d'un nouveau mot de passe")
    assert caller.path == PAGE
    assert caller.response["Cache-Control"].startswith(("no-store", "private", "max-age=0"))


def test_the_reader_of_a_letter_learns_the_same(account: Account) -> None:
    letter = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    code = compose(letter).proof.rpartition("\u00a0")[2]
    check(code).sees(OURS, "par courrier", "20 novembre 2026", "Confirmation d'inscription")


def test_the_answer_names_nobody(account: Account) -> None:
    """R20: neither to whom nor at which address."""
    letter = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    caller = check(letter.public_code)
    shown = caller.response.content.decode().upper()
    assert not any(word.upper() in shown for word in (account.member.birth_name, EMAIL, LAMY, "VIGNES", "STRASBOURG"))


def test_an_unknown_code_brings_advice_and_a_way_on(account: Account) -> None:
    caller = check("acdef ghjkm")
    caller.sees(UNKNOWN, "Que faire", "N'ouvrez pas ses liens", "09 69 36 37 03").does_not_see(OURS)
    assert caller.response.status_code == 200
    assert caller.follow("Choisissez-en un autre maintenant").path == "/mot-de-passe/oublie/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Tapez le code écrit en bas du message"),
        ("ACDEF", "compte 10 lettres et chiffres"),
        ("ACDEF-GHJK3-MNPQR", "compte 10 lettres et chiffres"),
        ("A" * 41, "Tapez seulement le code"),
        ("ACDEF\x00GHJK3", "Tapez seulement le code"),
        ("<b>ACDEF</b>", "compte 10 lettres et chiffres"),
    ],
)
def test_what_is_no_code_is_asked_for_again(typed: str, said: str) -> None:
    caller = check(typed)
    caller.sees(said).does_not_see(UNKNOWN, OURS)
    assert "<b>ACDEF" not in caller.response.content.decode()


def test_a_code_in_the_address_is_not_read(account: Account) -> None:
    """R20: nothing to find in a log."""
    letter = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    Caller().visit(f"{PAGE}?code={letter.public_code}").does_not_see(OURS, letter.public_code)


def test_somebody_who_tries_code_after_code_waits(account: Account, held_clock: Traveller) -> None:
    """R12: per network; another network goes on, and so does this one later."""
    caller = Caller()
    for _ in range(throttling.MESSAGE_CHECKS.tries):
        check("ACDEFGHJKM", caller)
    letter = letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=account.member, now=A_MOMENT)
    check(letter.public_code, caller).sees("Attendez une minute").does_not_see(OURS)
    assert caller.response.status_code == 429
    assert caller.response["Retry-After"] == "60"
    check(letter.public_code, Caller("198.51.100.7")).sees(OURS)
    held_clock.shift(timedelta(minutes=2))
    check(letter.public_code, caller).sees(OURS)


def test_a_form_of_another_site_is_refused(account: Account) -> None:
    caller = Caller().visit(PAGE)
    assert caller.client.post(PAGE, {"code": "ACDEFGHJKM"}).status_code == 403
