"""What the answers so far mean (B15 to B22, R1, R5)."""

from typing import Any

import pytest

from enrolment.answers import Answers

PROVEN: dict[str, Any] = {"numero-de-serie": {"proven": True}}


@pytest.mark.parametrize(
    ("kept", "tries", "asks", "proven", "by_post"),
    [
        ({}, 3, True, False, False),
        ({}, 0, False, False, True),
        (PROVEN, 3, True, True, False),
        (PROVEN, 0, True, True, False),
        ({"paiement": {"proven": True}}, 1, True, True, False),
        ({"paiement": {"cannot_answer": True}}, 3, True, False, True),
        ({"numero-de-serie": {"unreadable": True}}, 3, True, False, False),
        ({"paiement": {"cannot_answer": True}, **PROVEN}, 3, True, True, False),
        ({"profil": {"profile": "company"}}, 3, False, False, False),
    ],
)
def test_a_proof_goes_before_the_letter_and_the_letter_comes_when_nothing_is_left(kept, tries, asks, proven, by_post):
    """R5."""
    answers = Answers(kept, tries)
    assert (answers.asks_questions, answers.is_proven, answers.goes_by_post) == (asks, proven, by_post)


@pytest.mark.parametrize(
    ("profile", "asks_for_a_request"),
    [("company", True), ("other", True), ("farmer", False), ("individual", False), ("", False)],
)
def test_companies_and_others_ask_for_a_request(profile, asks_for_a_request):
    """R1."""
    assert Answers({"profil": {"profile": profile}}, 3).asks_for_a_request is asks_for_a_request


def test_nothing_answered_is_nothing_known():
    answers = Answers({}, 3)
    assert answers.nir is None
    assert answers.birth_date is None
    assert (answers.email, answers.card_kind, answers.profile) == ("", "", "")
    assert not answers.has_account_already


def test_what_was_kept_comes_back_as_values():
    """B05, B11."""
    answers = Answers({"identifiant": {"nir": "283072A004909"}, "coordonnees": {"birth_date": "1950-00-00"}}, 3)
    assert answers.nir is not None
    assert answers.nir.number == "283072A004909"
    assert answers.birth_date is not None
    assert answers.birth_date.iso == "1950-00-00"
