"""Mon compte: each block changes where it stands; what is sensitive asks for the password (G01 to G04, G06, R13)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from time_machine import Traveller

from accounts import address_changes
from accounts.models import Account, AddressChange, Code, Entry, Event
from tests.agents import an_agent
from tests.members import NEXT_PASSWORD, OWN_PASSWORD, a_member, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, link_in_mail_to, sign_in

pytestmark = [pytest.mark.django_db]
NEW, THIRD = "neuf@example.org", "voleur@example.org"
WRONG = "Ce n'est pas votre mot de passe actuel."
STREET = {"address": "3 quai des Moulins", "postcode": "67700", "city": "Saverne"}


@pytest.fixture
def caller(db: None) -> Caller:
    an_account(landline="+33388000000")
    return sign_in(Caller()).visit("/mon-compte/")


def ask_for(caller: Caller, address: str = NEW, password: str = OWN_PASSWORD) -> Caller:
    caller.visit("/mon-compte/email/")
    return caller.press("Envoyer le lien de confirmation", email=address, password=password)


def test_the_blocks_show_what_is_known(caller: Caller) -> None:
    """G01 to G04, G06."""
    caller.sees(
        "Email & Mot de passe", EMAIL, "modifier cet email", "Téléphone", "06 39 98 10 01", "03 88 00 00 00",
        "non renseigné", "modifier ces numéros", "Adresse", "LAMY FRITZ", "12 rue des Tonneliers", "67000 STRASBOURG",
        "modifier cette adresse", "Mode de réception", "vos documents", "vos infos MSA", "par email",
        "modifier ce mode de réception",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("link", "button"),
    [
        ("modifier cet email", "Envoyer le lien de confirmation"),
        ("modifier ce mot de passe", "Enregistrer mon mot de passe"),
        ("modifier ces numéros", "Enregistrer"),
        ("modifier cette adresse", "Envoyer ma demande"),
        ("modifier ce mode de réception", "Enregistrer"),
    ],
)
def test_each_link_turns_its_block_into_a_form_and_one_may_leave_it(caller: Caller, link: str, button: str) -> None:
    """G06."""
    assert caller.follow(link).offers(button)
    assert caller.follow("Annuler").path == "/mon-compte/"


def test_a_new_address_counts_once_its_link_was_pressed(caller: Caller) -> None:
    """G01, R13."""
    ask_for(caller).sees("Un lien est parti vers votre nouvelle adresse.", EMAIL)
    link = link_in_mail_to(NEW)
    Caller().visit(link).sees("Confirmer ma nouvelle adresse", NEW)
    assert Account.objects.get().email == EMAIL
    Caller().visit(link).press("Confirmer cette adresse").sees("Votre nouvelle adresse est confirmée")
    assert Account.objects.get().email == NEW
    Caller().visit(link).sees("Ce lien a déjà servi")
    assert "une autre adresse e-mail" in last_mail_to(EMAIL)
    assert NEW not in last_mail_to(EMAIL)


def test_the_link_to_a_new_address_ends_after_two_hours(held_clock: Traveller, caller: Caller) -> None:
    ask_for(caller)
    link = link_in_mail_to(NEW)
    held_clock.shift(timedelta(hours=2))
    assert Caller().visit(link).sees("Ce lien n'est plus valable").response.status_code == 410


def test_the_old_address_may_take_it_back_for_three_days(caller: Caller) -> None:
    """R13: and every session ends."""
    ask_for(caller)
    Caller().visit(link_in_mail_to(NEW)).press("Confirmer cette adresse")
    undo = link_in_mail_to(EMAIL)
    Caller().visit(undo).sees("Garder mon ancienne adresse", EMAIL)
    assert caller.visit("/mon-compte/").path == "/mon-compte/"
    Caller().visit(undo).press("Rétablir mon adresse").sees("Votre ancienne adresse est rétablie")
    held = Account.objects.get()
    assert (held.email, bool(held.email_proven_at)) == (EMAIL, True)
    assert caller.visit("/mon-compte/").path == "/connexion/"
    assert Entry.objects.filter(event=Event.EMAIL_CHANGE_UNDONE).exists()


def test_after_three_days_it_is_too_late(held_clock: Traveller, caller: Caller) -> None:
    ask_for(caller)
    Caller().visit(link_in_mail_to(NEW)).press("Confirmer cette adresse")
    undo = link_in_mail_to(EMAIL)
    held_clock.shift(timedelta(hours=72))
    assert Caller().visit(undo).response.status_code == 410
    assert Account.objects.get().email == NEW


def test_a_thief_who_changed_it_twice_cannot_take_it_back_again(caller: Caller) -> None:
    """His own undo link is younger than the member's."""
    ask_for(caller, THIRD)
    Caller().visit(link_in_mail_to(THIRD)).press("Confirmer cette adresse")
    members_undo = link_in_mail_to(EMAIL)
    ask_for(caller, NEW)
    Caller().visit(link_in_mail_to(NEW)).press("Confirmer cette adresse")
    thiefs_undo = link_in_mail_to(THIRD)
    Caller().visit(members_undo).press("Rétablir mon adresse")
    Caller().visit(thiefs_undo).sees("Ce lien a déjà servi")
    assert Account.objects.get().email == EMAIL


def test_the_members_undo_works_after_the_thiefs(caller: Caller) -> None:
    ask_for(caller, THIRD)
    Caller().visit(link_in_mail_to(THIRD)).press("Confirmer cette adresse")
    members_undo = link_in_mail_to(EMAIL)
    ask_for(caller, NEW)
    Caller().visit(link_in_mail_to(NEW)).press("Confirmer cette adresse")
    Caller().visit(link_in_mail_to(THIRD)).press("Rétablir mon adresse")
    Caller().visit(members_undo).press("Rétablir mon adresse")
    assert Account.objects.get().email == EMAIL


def test_a_new_password_ends_what_was_asked_under_the_old_one(caller: Caller) -> None:
    ask_for(caller, THIRD)
    link = link_in_mail_to(THIRD)
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
    caller.visit("/mon-compte/mot-de-passe/").press("Enregistrer", password=OWN_PASSWORD, **chosen)
    assert Caller().visit(link).response.status_code == 410
    assert Account.objects.get().email == EMAIL


def test_the_own_password_is_changed_with_the_present_one(caller: Caller) -> None:
    """G01."""
    chosen = {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD}
    caller.follow("modifier ce mot de passe").press("Enregistrer", password="Faux-Mot-9", **chosen).sees(WRONG)
    caller.press("Enregistrer", password=OWN_PASSWORD, **chosen).sees("Votre mot de passe a bien été modifié.")
    assert Account.objects.get().check_password(NEXT_PASSWORD)
    assert "Le mot de passe de votre espace privé a été modifié." in last_mail_to(EMAIL)


@pytest.mark.parametrize("page", ["email", "mot-de-passe", "adresse"])
def test_the_password_is_asked_again_and_guesses_are_counted(caller: Caller, page: str) -> None:
    """R12: behind an open session too."""
    typed = {
        "email": {"email": NEW},
        "mot-de-passe": {"new_password1": NEXT_PASSWORD, "new_password2": NEXT_PASSWORD},
        "adresse": STREET,
    }[page]
    button = {"email": "Envoyer le lien", "mot-de-passe": "Enregistrer", "adresse": "Envoyer ma demande"}[page]
    caller.visit(f"/mon-compte/{page}/")
    for left in ("4 essais", "3 essais", "2 essais", "un essai"):
        caller.press(button, password="Faux-Mot-9", **typed).sees(WRONG, f"Il vous reste {left} avant une attente.")
    caller.press(button, password="Faux-Mot-9", **typed).sees(WRONG, "Attendez une minute avant de réessayer.")
    caller.press(button, password=OWN_PASSWORD, **typed).sees("attendez une minute avant de réessayer")
    assert caller.response.status_code == 429
    caller.press(button, password="", **typed).sees("Ce champ est exigé.")
    assert not Code.objects.exists()
    assert not AddressChange.objects.exists()
    assert Account.objects.get().check_password(OWN_PASSWORD)


def test_an_error_keeps_what_was_typed_but_never_the_password(caller: Caller) -> None:
    caller.follow("modifier cette adresse")
    caller.press("Envoyer ma demande", **{**STREET, "postcode": "677"}, password="Faux-Mot-9")
    caller.sees("Le code postal compte 5 chiffres, par exemple 67320.")
    kept = next(form.values for form in caller.page.forms if "postcode" in form.names)
    assert (kept["address"], kept["postcode"], kept["city"]) == (STREET["address"], "677", STREET["city"])
    assert not kept.get("password")


def test_an_address_becomes_a_request_that_is_shown_as_pending(caller: Caller) -> None:
    """G03."""
    other_window = Caller()
    sign_in(other_window).visit("/mon-compte/adresse/")
    caller.follow("modifier cette adresse").press("Envoyer ma demande", **STREET, password=OWN_PASSWORD)
    caller.sees("Changement demandé le", "en attente", "3 quai des Moulins, 67700 Saverne", "12 rue des Tonneliers")
    caller.does_not_see("modifier cette adresse")
    assert "adresse" in last_mail_to(EMAIL)
    other_window.press("Envoyer ma demande", **STREET, password=OWN_PASSWORD)
    other_window.sees("Une demande de changement d'adresse est déjà en attente.")
    assert AddressChange.objects.count() == 1
    assert AddressChange.objects.get().department == "67"


def test_the_answer_about_an_address_is_read_for_thirty_days(held_clock: Traveller, caller: Caller) -> None:
    """G03: its message is easily missed; another request takes its place."""
    caller.follow("modifier cette adresse").press("Envoyer ma demande", **STREET, password=OWN_PASSWORD)
    change, agent = AddressChange.objects.get(), an_agent()
    assert address_changes.refuse(change, by=agent, reason=AddressChange.Reason.PROOF, now=timezone.now())
    caller.visit("/mon-compte/").sees("Réponse de votre MSA, le", "un justificatif de domicile est nécessaire")
    caller.sees("modifier cette adresse").does_not_see("en attente")
    caller.follow("modifier cette adresse").press("Envoyer ma demande", **STREET, password=OWN_PASSWORD)
    caller.sees("en attente").does_not_see("Réponse de votre MSA")
    held_clock.shift(timedelta(minutes=5))
    again = AddressChange.objects.get(decided_at=None)
    assert address_changes.accept(again, by=agent, now=timezone.now())
    caller.visit("/mon-compte/").sees("Votre changement d'adresse est accepté.").does_not_see("justificatif")
    held_clock.shift(timedelta(days=30, minutes=1))
    sign_in(Caller()).visit("/mon-compte/").sees("modifier cette adresse").does_not_see("Réponse de votre MSA")


def test_numbers_change_at_once_and_the_member_hears_of_it(caller: Caller) -> None:
    """G02."""
    caller.follow("modifier ces numéros").press("Enregistrer", mobile="+33 6 39 98 10 77", landline="")
    caller.sees("Vos numéros de téléphone sont enregistrés.", "06 39 98 10 77")
    assert Account.objects.get().landline is None
    assert "0639981077" not in last_mail_to(EMAIL).replace(" ", "")
    sent = len(mail.outbox)
    caller.follow("modifier ces numéros").press("Enregistrer")
    last_mail_to(EMAIL)
    assert len(mail.outbox) == sent


def test_documents_and_news_each_have_their_way(caller: Caller) -> None:
    """G04."""
    caller.follow("modifier ce mode de réception").press("Enregistrer", documents_by="post", news_by="email")
    caller.sees("Vos choix sont enregistrés.", "par courrier", "par email")
    assert (Account.objects.get().documents_by, Account.objects.get().news_by) == ("post", "email")
    caller.follow("modifier ce mode de réception").press("Enregistrer", documents_by="pigeon").sees("À corriger")


def test_a_stale_form_keeps_what_was_typed_and_takes_nothing(caller: Caller) -> None:
    form = {**STREET, "password": OWN_PASSWORD, "csrfmiddlewaretoken": "x" * 64}
    answer = caller.client.post("/mon-compte/adresse/", form)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "3 quai des Moulins" in page
    assert OWN_PASSWORD not in page
    assert not AddressChange.objects.exists()


def test_another_sites_form_is_refused_plainly(caller: Caller) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = caller.client.post("/mon-compte/adresse/", {**STREET, "password": "x"}, headers=headers)
        assert answer.status_code == 403
        assert "Tonneliers" not in answer.content.decode()


@pytest.mark.parametrize("path", ["telephones", "adresse", "email", "reception", "mot-de-passe"])
def test_nonsense_is_answered_in_words(caller: Caller, path: str) -> None:
    caller.visit(f"/mon-compte/{path}/")
    form = next(form for form in caller.page.forms if "csrfmiddlewaretoken" in form.names and len(form.names) > 1)
    for value in ("x" * 10_000, "\x00", "<script>alert(1)</script>", "\ufffd"):
        typed = dict.fromkeys(form.names - {"csrfmiddlewaretoken"}, value)
        answer = caller.client.post(
            f"/mon-compte/{path}/", {**typed, "csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        )
        assert answer.status_code in (200, 302), (path, value[:10])
        assert "<script>alert" not in answer.content.decode()


def test_without_an_address_the_block_says_so() -> None:
    an_account(a_member(address="", postcode="", city=""))
    sign_in(Caller()).visit("/mon-compte/").sees("Nous n'avons pas d'adresse complète pour vous.")
