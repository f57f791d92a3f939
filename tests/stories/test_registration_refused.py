"""When the registry does not agree, or no answer comes: by post, or nothing; every caller reads the same (R5, R13)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Email, Event, Letter
from tests.personas import persona
from tests.stories.caller import last_mail_to
from tests.stories.registering import CANNOT_ANSWER, FINISH, Registrant, registrant
from tests.stories.traces import happened, nothing_leaves, statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

UNKNOWN_NIR = "1 84 12 76 451 089"
# Who the caller is, what they type that differs, and the reason the journal keeps.
STRANGERS = {
    "unknown": ("lamy", {"nir": UNKNOWN_NIR}, "unknown"),
    "deceased": ("moreau", {}, "deceased"),
    "another name": ("lamy", {"birth_name": "LAMI"}, "name_differs"),
    "another given name": ("lamy", {"given_names": "Franz"}, "name_differs"),
    "another birth date": ("lamy", {"birth_date": "09/09/1963"}, "birth_date_differs"),
    "no address": ("legoff", {}, "no_address"),
}


def by_three_wrong_answers(caller: Registrant) -> list[str]:
    """The pages read on the way, tokens and what the caller typed taken out."""
    caller.until("numero-de-serie", health_cover="yes", card_kind="photo")
    pages = [as_read(caller)]
    for serial in ("11111111111", "22222222222", "33333333333"):
        pages.append(as_read(caller.answer(vitale_serial=serial)))
    pages.append(as_read(caller.answer()))
    pages.append(as_read(caller.answer()))
    assert caller.slug == "terminee"
    return pages


def by_letter(caller: Registrant) -> list[str]:
    caller.until("paiement", health_cover="no")
    pages = [as_read(caller.press(CANNOT_ANSWER))]
    pages.append(as_read(caller.answer()))
    pages.append(as_read(caller.answer()))
    assert caller.slug == "terminee"
    return pages


def as_read(caller: Registrant) -> str:
    html = caller.response.content.decode()
    return f"{caller.response.status_code} {caller.path} " + re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"', "", html
    )


@pytest.mark.parametrize("road", [by_three_wrong_answers, by_letter])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_every_caller_reads_the_same_pages_and_nothing_leaves_for_a_stranger(stranger, road):
    """R5: byte for byte, the pages of a true member who has to wait for the letter."""
    slug, typed, reason = STRANGERS[stranger]
    true_member, _ = registrant("perrin")
    expected = road(true_member)
    Letter.objects.all().delete()
    Account.objects.all().delete()
    caller, _ = registrant(slug, address="198.51.100.7", **typed)
    assert road(caller) == expected
    assert nothing_leaves()
    assert not Account.objects.exists()
    assert happened(Event.REGISTRATION_REFUSED)[-1].detail == {"reason": reason}


def test_a_stranger_costs_the_same_rows_as_a_member_who_waits_for_a_letter():
    """R5: what becomes of the request is decided beside the requests, so that the time taken says nothing."""
    work = set()
    for other in ({}, {"nir": UNKNOWN_NIR}, {"birth_date": "09/09/1963"}):
        caller, _ = registrant("lamy", **other)
        caller.until("paiement", health_cover="no").press(CANNOT_ANSWER).until("conditions")
        with CaptureQueriesContext(connection) as queries:
            caller.press(FINISH)
        work.add(statements(queries))
    assert len(work) == 1


def test_three_wrong_answers_end_in_a_letter_with_the_password():
    """R5, R12: each refusal says how many tries are left and what comes then."""
    fritz, known = registrant("lamy")
    fritz.until("numero-de-serie").answer(vitale_serial="11111111111").sees("Il vous reste 2 essais, ensuite")
    fritz.answer(vitale_serial="22222222222").sees("Il vous reste un essai, ensuite nous vous écrirons par courrier.")
    fritz.answer(vitale_serial="33333333333").sees("par courrier", "à l'adresse que la MSA connaît")
    assert fritz.slug == "mot-de-passe"
    fritz.finish().does_not_see("fritz.lamy@example.org")
    letter = Letter.objects.get()
    assert (letter.kind, letter.member) == ("temporary_password", known.member)
    # What a stranger could have typed is not kept: the member says it once signed in (R8).
    assert Account.objects.get().email is None
    assert [entry.detail["left"] for entry in happened(Event.REGISTRATION_ANSWERED_WRONGLY)] == [2, 1, 0]


def test_tries_are_counted_over_both_questions():
    """R5: « three wrong identity answers in all »."""
    fritz, _ = registrant("lamy")
    fritz.until("numero-de-serie").answer(vitale_serial="11111111111")
    fritz.press("Je n'arrive pas à lire ce numéro").answer(amount="33,33").sees("un essai")
    fritz.answer(amount="44,44")
    assert fritz.slug == "mot-de-passe"


def test_out_of_tries_no_question_can_be_reached_any_more_even_with_the_right_answer():
    """R5: the right serial comes too late."""
    fritz, _ = registrant("lamy")
    fritz.until("numero-de-serie")
    for _ in range(3):
        fritz.answer(vitale_serial="11111111111")
    for slug in ("verification", "affiliation", "carte-vitale", "numero-de-serie", "paiement"):
        assert fritz.visit(f"/inscription/{slug}/").slug == "mot-de-passe"
    fritz.client.post("/inscription/numero-de-serie/", {"vitale_serial": "01024576124"})
    fritz.visit("/inscription/").sees("par courrier")
    assert fritz.follow("Précédent").slug == "coordonnees"


def test_changing_the_number_does_not_give_tries_back():
    """R5: three answers a registration, whoever is named."""
    fritz, _ = registrant("lamy")
    persona("perrin")
    fritz.until("numero-de-serie")
    for _ in range(2):
        fritz.answer(vitale_serial="11111111111")
    fritz.visit("/inscription/identifiant/").answer(nir="1530101004901")
    fritz.until("numero-de-serie").answer(vitale_serial="11111111111")
    assert fritz.slug == "mot-de-passe"


@pytest.mark.sqlite
def test_who_cannot_answer_receives_a_letter():
    """R5, B30: « Je ne connais aucun montant »."""
    perrin, known = registrant("perrin")
    by_letter(perrin)
    letter = Letter.objects.get()
    assert (letter.kind, letter.member) == ("temporary_password", known.member)
    assert letter.content["address"][0] == "PERRIN JEAN-MARIE"


def test_without_address_a_proof_still_brings_the_password_by_email():
    """R5, R7: only the letters cannot leave."""
    annaig, known = registrant("legoff")
    annaig.finish().sees("email de confirmation")
    assert not Letter.objects.exists()
    assert Account.objects.get().member == known.member


def test_a_second_letter_within_24_hours_is_withheld_and_looks_the_same(held_clock):
    """R13: the account waits for its letter already; a stranger reads what the first caller read."""
    expected = by_letter(registrant("perrin")[0])
    assert by_letter(registrant("perrin", address="198.51.100.7")[0]) == expected
    assert Letter.objects.count() == 1
    assert happened(Event.TEMPORARY_PASSWORD_WITHHELD)
    held_clock.shift(timedelta(hours=24, minutes=1))
    by_letter(registrant("perrin", address="198.51.100.8")[0])
    assert Letter.objects.count() == 2
    assert Account.objects.count() == 1


def test_an_account_that_waits_for_its_letter_is_told_to_no_stranger_and_opened_by_a_proof():
    """R5, R6, B09: the card turned up after all, the password comes by e-mail."""
    by_letter(registrant("perrin")[0])
    caller, known = registrant("perrin", address="198.51.100.7", email="autre.adresse@example.org")
    caller.until("identifiant").answer()
    assert caller.slug == "munissez-vous"
    caller.finish().sees("autre.adresse@example.org")
    assert "mot de passe provisoire" in last_mail_to("autre.adresse@example.org")
    account = Account.objects.get(member=known.member)
    assert (account.email, account.opened_by) == ("autre.adresse@example.org", "email")
    again, _ = registrant("perrin", address="198.51.100.8")
    assert again.until("identifiant").answer().slug == "compte-existant"


def test_nothing_that_a_stranger_typed_stays_in_an_account_that_waits_for_its_letter():
    """R5, R8: neither their address nor their agreement to the terms; a takeover would begin there."""
    by_letter(registrant("perrin", email="intrus@example.org", mobile="06 39 98 99 99")[0])
    account = Account.objects.get()
    assert (account.email, account.mobile, account.terms_version) == (None, None, "")
    assert not Email.objects.exclude(kind="registration_by_post").exists()


def test_ten_answers_for_one_number_in_a_day_leave_the_letter_only(held_clock):
    """R12: over several registrations and networks; nothing says why."""
    wrong = 0
    for caller_number in range(4):
        fritz, _ = registrant("lamy", address=f"203.0.113.{caller_number}")
        fritz.until("numero-de-serie")
        while fritz.slug == "numero-de-serie":
            right = caller_number == 3 and wrong == 10
            fritz.answer(vitale_serial="01024576124" if right else "11111111111")
            wrong += not right
    assert wrong == 10
    fritz.sees("par courrier")
    assert len(happened(Event.REGISTRATION_ANSWERED_WRONGLY)) == 10
    held_clock.shift(timedelta(days=1, minutes=1))
    again, _ = registrant("lamy")
    again.finish().sees("email de confirmation")


def test_right_answers_do_not_use_up_the_day():
    """R12: only wrong answers count against a number."""
    for caller_number in range(12):
        fritz, _ = registrant("lamy", address=f"203.0.113.{caller_number}")
        fritz.until("mot-de-passe").sees("fritz.lamy@example.org")
