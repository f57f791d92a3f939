"""« Confirmation de vos coordonnées »: proven means proven (E01 to E06, R8, R13)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from time_machine import Traveller

from accounts.models import Account, Channel, Code, Entry, Event
from tests.members import NEXT_PASSWORD, OWN_PASSWORD, an_account
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import EMAIL, digits_in_mail_to, sign_in, temporary_password

pytestmark = [pytest.mark.django_db]
NEW = "neuf@example.org"
DONE = "Vos coordonnées ont été vérifiées."


def newcomer(**columns: object) -> Caller:
    an_account(contact_confirmed_at=None, **columns)
    return sign_in(Caller())


def confirm(caller: Caller, **fields: str) -> Caller:
    return caller.press("Je confirme mes coordonnées", **fields)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_page_shows_the_four_contacts() -> None:
    """E01, E02."""
    newcomer(landline="+33388000000").sees(
        "Confirmation de vos coordonnées", "Pour utiliser Mon espace privé MSA, vous devez confirmer vos coordonnées.",
        "Votre adresse email est", "Votre numéro de téléphone portable est", "Votre numéro de téléphone fixe est",
        "Votre numéro de fax est",
    )  # fmt: skip


def test_what_is_proven_and_unchanged_passes_at_once() -> None:
    """E04, E05."""
    caller = confirm(newcomer())
    caller.sees(DONE).follow("Accéder à Mon espace privé")
    assert caller.path == "/mon-espace/"
    assert mail.outbox == []
    assert Entry.objects.get(event=Event.CONTACT_CONFIRMED).detail == {"email_proven": True}


def test_numbers_are_changed_in_place() -> None:
    """E03."""
    confirm(newcomer(), mobile="06 39 98 10 77", landline="03 88 00 00 00", fax="").sees(DONE)
    held = Account.objects.get()
    assert (held.mobile, held.landline, held.fax) == ("+33639981077", "+33388000000", None)


def test_a_changed_address_counts_once_its_code_was_typed() -> None:
    """R8."""
    caller = confirm(newcomer(), email=NEW)
    caller.sees("Nous avons envoyé un code à neuf@example.org")
    assert Account.objects.get().email == EMAIL
    assert caller.visit("/mon-espace/").path == "/coordonnees/confirmer/"
    caller.visit("/coordonnees/confirmer/email/").press("Valider", code=digits_in_mail_to(NEW)).sees(DONE)
    assert Account.objects.get().email == NEW
    assert Account.objects.get().email_proven_at


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "{0}\u00a0{1}"])
def test_the_code_is_taken_with_blanks(typed: str) -> None:
    caller = confirm(newcomer(), email=NEW)
    code = digits_in_mail_to(NEW)
    caller.press("Valider", code=typed.format(code[:3], code[3:])).sees(DONE)


def test_after_five_wrong_codes_a_new_one_is_needed() -> None:
    """R13."""
    caller = confirm(newcomer(), email=NEW)
    code = digits_in_mail_to(NEW)
    for left in ("4 essais", "3 essais", "2 essais", "un essai"):
        caller.press("Valider", code=wrong(code)).sees(f"Il vous reste {left}.")
    caller.press("Valider", code=wrong(code)).sees("Ce code a été essayé trop de fois. Demandez un nouveau code.")
    caller.press("Valider", code=code).sees("Ce code a été essayé trop de fois.")
    assert Account.objects.get().email == EMAIL
    caller.press("Recevoir un nouveau code").sees("Un nouveau code est parti.")
    caller.press("Valider", code=digits_in_mail_to(NEW)).sees(DONE)


def test_a_code_ends_after_fifteen_minutes(held_clock: Traveller) -> None:
    caller = confirm(newcomer(), email=NEW)
    code = digits_in_mail_to(NEW)
    held_clock.shift(timedelta(minutes=15))
    caller.press("Valider", code=code).sees("Ce code n'est plus valable : il l'est 15 minutes.")
    caller.press("Recevoir un nouveau code").press("Valider", code=digits_in_mail_to(NEW)).sees(DONE)


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\x00", "9" * 5000, ""])
def test_what_is_no_code_costs_no_try(code: str) -> None:
    caller = confirm(newcomer(), email=NEW)
    caller.press("Valider", code=code).sees("À corriger")
    assert Code.objects.get(purpose="email_proof").tries_left == 5


def test_new_codes_are_not_sent_without_end() -> None:
    caller = confirm(newcomer(), email=NEW)
    for _ in range(4):
        caller.press("Recevoir un nouveau code")
    caller.press("Recevoir un nouveau code").sees("attendez")
    assert caller.response.status_code == 429
    last_mail_to(NEW)
    assert len(mail.outbox) == 5


def test_the_address_can_be_corrected_on_the_way() -> None:
    caller = confirm(newcomer(), email="faux@example.org").follow("Corriger mon adresse")
    confirm(caller, email=NEW).press("Valider", code=digits_in_mail_to(NEW)).sees(DONE)
    assert Account.objects.get().email == NEW


def test_who_cannot_read_the_mailbox_goes_on_with_the_proven_address() -> None:
    caller = confirm(newcomer(), email=NEW).press("Continuer sans confirmer mon adresse")
    caller.sees(DONE)
    held = Account.objects.get()
    assert held.email == EMAIL
    assert not Code.objects.filter(purpose="email_proof").exists()


def test_after_a_letter_the_address_typed_at_registration_is_not_proven() -> None:
    """R8, E06: confirming on screen proves nothing."""
    account = an_account(password=None)
    caller = sign_in(Caller(), temporary_password(account, Channel.POST))
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD).follow("Continuer")
    confirm(caller).sees("Nous avons envoyé un code à")
    caller.press("Continuer sans confirmer mon adresse").sees(DONE)
    assert Account.objects.get().email_proven_at is None
    assert caller.visit("/mon-compte/").sees("Cette adresse n'est pas encore confirmée.")


def test_after_an_e_mail_the_address_is_proven_already() -> None:
    """R8: the temporary password was read there."""
    account = an_account(password=None)
    caller = sign_in(Caller(), temporary_password(account))
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD).follow("Continuer")
    confirm(caller).sees(DONE)
    assert Account.objects.get().email_proven_at


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "fritz"}, {"email": ""}, {"email": "a@b"}, {"mobile": "0388000000"}, {"mobile": "12"},
        {"landline": "0612345678"}, {"fax": "+49 30 123456"}, {"email": "x" * 10_000}, {"mobile": "06\x0012"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_the_field_and_the_rest_is_kept(fields: dict[str, str]) -> None:
    caller = confirm(newcomer(), **{"landline": "03 88 00 00 00", **fields}).sees("À corriger")
    kept = next(form.values for form in caller.page.forms if "email" in form.names)
    if "landline" not in fields:
        assert re.sub(r"\D", "", kept["landline"]) == "0388000000"
    assert Account.objects.get().contact_confirmed_at is None


def test_who_has_confirmed_is_not_asked_again() -> None:
    caller = newcomer()
    confirm(caller)
    assert caller.visit("/coordonnees/confirmer/").path == "/mon-espace/"
    assert caller.visit("/coordonnees/confirmer/email/").path == "/mon-espace/"
    caller.press("Se déconnecter")
    assert sign_in(caller, OWN_PASSWORD).path == "/mon-espace/"
