"""A plain-text mail read as its author meant it."""

import pytest

from accounts.templatetags.mail import flowing, is_a_code, is_a_link


@pytest.mark.parametrize("code", ["123456", "ACDE-FGHJ-KW67", "ACDE-FGHJ-KWTT", "D-2026-000012"])
def test_a_code_alone_is_known_as_one(code: str) -> None:
    assert is_a_code(code)


@pytest.mark.parametrize("text", ["Bonjour,", "MSA Alsace", "12345", "BONJOUR", "123 456", "https://msa.example/"])
def test_words_are_no_code(text: str) -> None:
    assert not is_a_code(text)


def test_an_address_alone_is_a_link() -> None:
    assert is_a_link("https://msa.example/connexion/")
    assert is_a_link("http://127.0.0.1:8000/connexion/")
    assert not is_a_link("Voyez https://msa.example/")
    assert not is_a_link("https://msa.example/ et la suite")
    assert not is_a_link("javascript:alert(1)")


def test_a_line_cut_at_the_width_is_joined_and_a_meant_one_stays() -> None:
    cut = "Votre identifiant est votre numéro de Sécurité sociale\n(13 chiffres)."
    assert flowing(cut) == "Votre identifiant est votre numéro de Sécurité sociale\n(13 chiffres)."
    assert flowing("La MSA ne vous demande jamais votre mot de passe par e-mail\nou par téléphone.") == (
        "La MSA ne vous demande jamais votre mot de passe par e-mail ou par téléphone."
    )
    assert flowing("MSA Alsace\nAssistance Internet") == "MSA Alsace\nAssistance Internet"


def test_a_telephone_number_stays_on_one_line() -> None:
    assert flowing("au 09 69 36 37 03.") == "au 09\u00a069\u00a036\u00a037\u00a003."
