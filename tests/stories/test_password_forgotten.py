"""« J'ai oublié mon mot de passe »: one page for everybody, a link that only a person can use (D09, R12, R13)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from accounts import outbox
from accounts.models import Account, Code, Email, Letter
from tests.members import GARCIN, LAMY, NEXT_PASSWORD, NOBODY, OWN_PASSWORD, a_member, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, link_in_mail_to, sign_in
from tests.stories.traces import statements

pytestmark = [pytest.mark.django_db]
UNPROVEN, SUSPENDED, DECEASED = GARCIN, "1410224037903", "2681129019905"
ASKED = "Si un compte existe avec cet identifiant, nous vous écrivons tout de suite."


@pytest.fixture
def account(db: None) -> Account:
    return an_account()


def ask(nir: str = LAMY, address: str = "192.0.2.10") -> Caller:
    return Caller(address).visit("/mot-de-passe/oublie/").press("Continuer", login_id=nir)


def deliver() -> None:
    while outbox.sweep(now=timezone.now()):
        pass


def test_everybody_sees_the_same_page_after_the_same_work(account: Account) -> None:
    """R12: unknown, known, unproven, suspended, deceased."""
    an_account(a_member(UNPROVEN), email_proven_at=None)
    an_account(a_member(SUSPENDED), is_active=False)
    an_account(a_member(DECEASED, deceased_on="2026-01-01"))
    # Unlocked by an agent: its tries are counted anew (R12).
    Account.objects.filter(pk=account.pk).update(limits_generation=3)
    pages, work = set(), set()
    for nir in (NOBODY, LAMY, UNPROVEN, SUSPENDED, DECEASED):
        caller = Caller(f"198.51.100.{len(nir)}{nir[-1]}").visit("/mot-de-passe/oublie/")
        with CaptureQueriesContext(connection) as queries:
            caller.press("Continuer", login_id=nir).sees(ASKED)
        pages.add(caller.text)
        work.add(statements(queries))
    assert len(pages) == 1
    assert len(work) == 1


def test_a_proven_address_gets_a_link_and_the_link_opens_a_form(account: Account) -> None:
    ask()
    caller = Caller().visit(link_in_mail_to(EMAIL))
    caller.press("Enregistrer mon mot de passe", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.sees("Votre mot de passe a bien été modifié.").follow("Se connecter")
    # Who has the mailbox has the password, not the identifier.
    assert not any(form.values.get("login_id") for form in caller.page.forms)
    assert sign_in(caller, NEXT_PASSWORD).path == "/mon-espace/"
    assert "Le mot de passe de votre espace privé a été modifié." in last_mail_to(EMAIL)


def test_a_scanner_that_follows_the_link_changes_nothing(account: Account) -> None:
    """R13: it acts on POST only."""
    ask()
    link = link_in_mail_to(EMAIL)
    for _ in range(3):
        Caller().visit(link).sees("Choisir un nouveau mot de passe")
    assert Caller().client.head(link).status_code == 200
    assert Code.objects.get(purpose="password_reset").used_at is None
    assert Account.objects.get().check_password(OWN_PASSWORD)


def test_a_link_works_once_and_for_half_an_hour(account: Account, held_clock: Traveller) -> None:
    ask()
    link = link_in_mail_to(EMAIL)
    first, second = Caller().visit(link), Caller().visit(link)
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
    first.press("Enregistrer", **chosen)
    second.press("Enregistrer", new_password1="Autre+Verger77", new_password2="Autre+Verger77")
    second.sees("Ce lien a déjà servi")
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    ask()
    link = link_in_mail_to(EMAIL)
    open_too_long = Caller().visit(link)
    held_clock.shift(timedelta(minutes=30))
    assert open_too_long.press("Enregistrer", **chosen).response.status_code == 410
    Caller().visit(link).sees("Ce lien n'est plus valable", "Demander un nouveau lien")


@pytest.mark.parametrize("secret", ["x", "A" * 43, "%00", "é", "A" * 5000])
def test_a_made_up_link_is_a_page_and_no_error(secret: str) -> None:
    Caller().visit(f"/mot-de-passe/lien/{secret}/").sees("Ce lien ne sert pas")


def test_another_request_spoils_no_link_and_the_first_one_used_spoils_the_others(account: Account) -> None:
    """A stranger who asks must not take away the link the member holds."""
    ask()
    first = link_in_mail_to(EMAIL)
    ask()
    second = link_in_mail_to(EMAIL)
    assert second != first
    caller = Caller().visit(first)
    caller.press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    Caller().visit(second).sees("Ce lien a déjà servi")


def test_the_link_ends_every_session_and_every_temporary_password(account: Account) -> None:
    thief = sign_in(Caller())
    ask()
    caller = Caller().visit(link_in_mail_to(EMAIL))
    caller.press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert thief.visit("/mon-espace/").path == "/connexion/"


def test_the_rule_holds_behind_the_link_too(account: Account) -> None:
    ask()
    caller = Caller().visit(link_in_mail_to(EMAIL))
    caller.press("Enregistrer", new_password1="Lamy+Verger77", new_password2="Lamy+Verger77").sees("À corriger")
    caller.press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.sees("Votre mot de passe a bien été modifié.")


def test_without_a_proven_address_a_letter_goes_once_a_day(account: Account) -> None:
    Account.objects.update(email_proven_at=None)
    ask()
    deliver()
    ask()
    deliver()
    assert mail.outbox == []
    assert Letter.objects.filter(kind="temporary_password").count() == 1
    assert Account.objects.get().check_password(OWN_PASSWORD)


@pytest.mark.parametrize("columns", [{"is_active": False}, {}], ids=["suspended", "deceased"])
def test_nothing_goes_to_who_must_have_nothing(columns: dict[str, bool]) -> None:
    member = a_member() if columns else a_member(deceased_on="2026-01-01")
    an_account(member, **columns)
    ask()
    deliver()
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_the_old_password_keeps_working_and_nobody_is_locked_out(account: Account) -> None:
    """A stranger may ask as often as he likes."""
    for number in range(40):
        Caller(f"198.51.100.{number}").visit("/mot-de-passe/oublie/").press("Continuer", login_id=LAMY).sees(ASKED)
    deliver()
    assert len(mail.outbox) <= 10
    assert sign_in(Caller()).path == "/mon-espace/"


def test_who_was_kept_out_by_a_strangers_guesses_gets_in_by_the_link(account: Account) -> None:
    """R12: the browser that used the link is a known one."""
    for _ in range(6):
        sign_in(Caller(), "Faux-Mot-9")
    caller = Caller()
    assert sign_in(caller).response.status_code == 429
    ask()
    caller.visit(link_in_mail_to(EMAIL))
    caller.press("Enregistrer", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    assert sign_in(caller, NEXT_PASSWORD).path == "/mon-espace/"


def test_one_network_asks_for_so_many_and_no_more(account: Account) -> None:
    for _ in range(30):
        ask(NOBODY, "203.0.113.5")
    caller = ask(NOBODY, "203.0.113.5")
    assert caller.response.status_code == 429
    caller.sees("attendez")


def test_the_question_waits_sealed_and_is_forgotten(account: Account) -> None:
    """R20."""
    ask()
    asked = Email.objects.get(kind="forgotten_password")
    assert asked.account is None
    deliver()
    asked.refresh_from_db()
    assert asked.content is None
    assert asked.sent_at
