"""The spaces of French typography in every message."""

from accounts.fields.typography import counted, spaced


def test_high_signs_and_guillemets_get_a_no_break_space():
    assert spaced("Oui : « non » ; 12 € ! Ou ?") == "Oui\u00a0: «\u00a0non\u00a0»\u00a0; 12\u00a0€\u00a0! Ou\u00a0?"


def test_other_spaces_are_left_alone():
    assert spaced("Il manque %(missing)s, voilà.") == "Il manque %(missing)s, voilà."


def test_a_count_is_told_in_words():
    assert (counted(1, "chiffre"), counted(3, "chiffre")) == ("un chiffre", "3\u00a0chiffres")
