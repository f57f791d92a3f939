"""What each letter says (R5, R7, R13, R20)."""

from collections.abc import Callable

import pytest
from django.conf import settings

from accounts.letters.text import CannotBePrinted, Reason, compose
from accounts.models import Letter

NBSP = "\u00a0"


def said(letter: Letter) -> str:
    text = compose(letter)
    return "\n".join([text.subject, *text.paragraphs])


def test_a_registering_member_reads_the_password_its_last_day_and_where_to_type_it(
    queue: Callable[..., Letter],
) -> None:
    """R5, R13, B22."""
    text = compose(queue())
    body = "\n".join(text.paragraphs)
    assert text.subject == "Votre mot de passe provisoire pour Mon espace privé"
    assert "Vous avez demandé la création de votre espace privé" in body
    assert text.secret == "ACDE-FGHJ-KW67"
    assert text.secret in text.paragraphs
    assert f"jusqu'au 20{NBSP}décembre{NBSP}2026{NBSP}à{NBSP}17{NBSP}h{NBSP}05" in body
    assert settings.BASE_URL in body
    assert f"Vous n'avez rien demandé{NBSP}?" in body
    assert f"09{NBSP}69{NBSP}36{NBSP}37{NBSP}03" in body


def test_a_forgotten_password_is_told_in_other_words(queue: Callable[..., Letter]) -> None:
    """D09."""
    body = said(queue(registering=False))
    assert "oublié le mot de passe" in body
    assert "création" not in body


def test_the_true_person_learns_that_a_space_was_opened(queue: Callable[..., Letter]) -> None:
    """R7: the day, whom to call, and no secret."""
    text = compose(queue(Letter.Kind.REGISTRATION_CONFIRMATION))
    body = "\n".join(text.paragraphs)
    assert text.secret == ""
    assert f"Le 20{NBSP}novembre{NBSP}2026, un espace privé a été ouvert à votre nom" in body
    assert f"Ce n'était pas vous{NBSP}? Appelez-nous" in body


@pytest.mark.parametrize("kind", list(Letter.Kind))
def test_no_letter_carries_the_nir(queue: Callable[..., Letter], kind: Letter.Kind) -> None:
    """R20."""
    digits = "".join(character for character in said(queue(kind)) if character.isdigit())
    assert "1630967482229" not in digits


def test_a_letter_stays_itself_after_a_round_trip_through_the_database(queue: Callable[..., Letter]) -> None:
    letter = queue()
    assert compose(Letter.objects.get(pk=letter.pk)) == compose(letter)


def test_nothing_personal_shows_in_a_traceback(queue: Callable[..., Letter]) -> None:
    """R20."""
    shown = repr(compose(queue()))
    assert "LAMY" not in shown
    assert "ACDE" not in shown


@pytest.mark.parametrize("address", [[], ["", ""], None])
def test_a_letter_without_address_cannot_be_printed(queue: Callable[..., Letter], address: list[str] | None) -> None:
    with pytest.raises(CannotBePrinted) as refused:
        compose(queue(address=address))
    assert refused.value.reason is Reason.NO_ADDRESS


def test_a_printed_letter_cannot_be_printed_again(queue: Callable[..., Letter]) -> None:
    letter = queue()
    Letter.objects.filter(pk=letter.pk).update(content=None)
    with pytest.raises(CannotBePrinted) as refused:
        compose(Letter.objects.get(pk=letter.pk))
    assert refused.value.reason is Reason.NO_CONTENT


def test_a_letter_sealed_with_a_lost_key_cannot_be_printed(queue: Callable[..., Letter]) -> None:
    letter = queue()
    Letter.objects.filter(pk=letter.pk).update(content=b"\x01\x04lost" + b"0" * 40)
    with pytest.raises(CannotBePrinted) as refused:
        compose(Letter.objects.get(pk=letter.pk))
    assert refused.value.reason is Reason.UNREADABLE


def test_an_unknown_caisse_is_the_msa(queue: Callable[..., Letter]) -> None:
    assert compose(queue(caisse="")).caisse.name == "MSA"
    assert compose(queue(caisse="999")).caisse.name == "MSA"
    assert compose(queue(caisse="68")).caisse.name == "MSA Alsace"
