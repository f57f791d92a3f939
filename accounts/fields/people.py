"""Owns the fields of civil status: family name, given names, birth date (B11)."""

from django.utils import timezone

from accounts.fields.base import ValueField
from accounts.identity.birth_date import BirthDate
from accounts.identity.names import clean_given_names, clean_typed

EXAMPLE = "par exemple 08/09/1963"
LETTERS_ONLY = "avec des lettres seulement ; l'espace, le trait d'union et l'apostrophe sont acceptés."


class FamilyNameField(ValueField):
    """Gives the name as its bearer writes it; comparing is the business of identity.names."""

    empty_value = ""
    attrs = {"class": "input-name", "data-width": "name", "autocomplete": "family-name", "spellcheck": "false"}
    default_error_messages = {
        "required": "Tapez votre nom de famille.",
        "too_long": "Ce nom est trop long : tapez-le en %(limit)s caractères au plus.",
        "bad_character": f"Écrivez votre nom {LETTERS_ONLY}",
    }

    def parse(self, text: str) -> str:
        return clean_typed(text)


class GivenNamesField(ValueField):
    """Gives the given names, commas made spaces."""

    empty_value = ""
    attrs = {"class": "input-name", "data-width": "name", "autocomplete": "given-name", "spellcheck": "false"}
    default_error_messages = {
        "required": "Tapez votre prénom.",
        "too_long": "Ce texte est trop long : tapez votre premier prénom seulement.",
        "bad_character": f"Écrivez votre prénom {LETTERS_ONLY}",
    }

    def parse(self, text: str) -> str:
        return clean_given_names(text)


class BirthDateField(ValueField):
    """Gives a BirthDate; one field, for three are slower to fill and to correct."""

    attrs = {"class": "input-date", "data-width": "date", "autocomplete": "bday", "spellcheck": "false"}
    default_error_messages = {
        "required": f"Tapez votre date de naissance : jour, mois, année, {EXAMPLE}.",
        "too_long": f"Tapez seulement le jour, le mois et l'année, {EXAMPLE}.",
        "unreadable": f"Tapez le jour, le mois et l'année, {EXAMPLE} ou 8 septembre 1963.",
        "year_only": f"Ajoutez le jour et le mois, {EXAMPLE}. Si vos papiers ne les indiquent pas, tapez 00/00 devant "
        "l'année.",
        "day_missing": f"Ajoutez le jour, {EXAMPLE}. Si vos papiers ne l'indiquent pas, tapez 00 à sa place.",
        "two_digit_year": "Tapez l'année avec ses 4 chiffres : 1963 et non 63.",
        "impossible_day": "Vérifiez le jour : en %(month)s %(year)s, le dernier jour était le %(last)s.",
        "impossible_month": f"Vérifiez le mois : il va de 01 à 12. Tapez d'abord le jour, puis le mois, {EXAMPLE}.",
        "future": "Cette date n'est pas encore arrivée. Vérifiez l'année de votre naissance.",
        "too_old": f"Vérifiez l'année : elle commence par 19 ou 20, {EXAMPLE}.",
    }

    def parse(self, text: str) -> BirthDate:
        return BirthDate.parse_typed(text, today=timezone.localdate())

    def typed(self, value: BirthDate) -> str:
        return value.typed
