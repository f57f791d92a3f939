"""The form fields: a value at the door, a French sentence with the refusal's code (B05, B11, B16, B20, C10, E02)."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError

import accounts.identity
from accounts import fields
from accounts.identity.birth_date import BirthDate
from accounts.identity.caisses import department
from accounts.identity.email import Email
from accounts.identity.nir import Nir
from accounts.identity.phone import Phone, PhoneKind
from accounts.identity.siret import Siret
from accounts.identity.vitale import CardKind

NOW = datetime(2026, 9, 8, 10, tzinfo=ZoneInfo("Europe/Paris"))
FRITZ = Nir("1630967482229")
TYPED = {
    "nir": fields.NirField(),
    "siret": fields.SiretField(),
    "birth_date": fields.BirthDateField(),
    "birth_name": fields.FamilyNameField(),
    "given_names": fields.GivenNamesField(),
    "email": fields.EmailAddressField(),
    "mobile": fields.PhoneField(kind=PhoneKind.MOBILE),
    "landline": fields.PhoneField(kind=PhoneKind.LANDLINE),
    "amount": fields.AmountField(),
    "serial": fields.VitaleSerialField(nir=FRITZ),
    "serial_no_photo": fields.VitaleSerialField(kind=CardKind.NO_PHOTO, nir=FRITZ),
    "department": fields.DepartmentField(),
}
ALL = {**TYPED, "department_choice": fields.DepartmentChoiceField()}
VALUES = [
    ("nir", "1 63 09 67 482 229 06", FRITZ, "1 63 09 67 482 229"),
    ("siret", "73282932000074", Siret("73282932000074"), "732 829 320 00074"),
    ("birth_date", "8 septembre 1963", BirthDate(1963, 9, 8), "08/09/1963"),
    ("birth_name", " Lamy ", "Lamy", "Lamy"),
    ("given_names", "Fritz,Karl", "Fritz Karl", "Fritz Karl"),
    ("email", "lamy.fritz@GMAIL.fr", Email("lamy.fritz@gmail.fr"), "lamy.fritz@gmail.fr"),
    ("mobile", "+33639981234", Phone("+33639981234"), "06 39 98 12 34"),
    ("landline", "0199001234", Phone("+33199001234"), "01 99 00 12 34"),
    ("amount", "1234,56 €", 123456, "1\u202f234,56"),
    ("serial", "8025000002 0102457612 4", "01024576124", "01024576124"),
    ("serial_no_photo", "001234567", "001234567", "001234567"),
    ("department", "1", department("01"), "01"),
]
# What issue 2 names under « Bad input gets », and one line for every other code, with the start of its sentence.
REFUSALS = [
    ("nir", "", "required", "Tapez votre numéro de Sécurité sociale : 13 chiffres"),
    ("nir", "-", "required", "Tapez votre numéro"),
    ("nir", "163096748222O", "letter_misplaced", "Une lettre s'est glissée parmi les chiffres."),
    ("nir", "1630967482/229", "bad_character", "Tapez seulement des chiffres."),
    ("nir", "163096748222", "too_short", "Il manque un chiffre : le numéro de Sécurité sociale en compte 13, ou 15"),
    ("nir", "16309674822", "too_short", "Il manque 2 chiffres : "),
    ("nir", "1630967482229061", "too_long", "Il y a un chiffre de trop : "),
    ("nir", "16309674822912", "wrong_length_14", "Vous avez tapé 14 chiffres."),
    ("nir", "163096748222907", "bad_key", "Les deux derniers chiffres ne correspondent pas aux 13 premiers."),
    ("nir", "1631367482229", "bad_month", "Le 4e et le 5e chiffre disent le mois de naissance : 13 n'est pas un mois."),
    ("nir", "5630967482229", "bad_first_digit", "Le premier chiffre est"),
    ("nir", "1630900482229", "bad_department", "Le 6e et le 7e chiffre"),
    ("nir", "1630997005229", "bad_overseas_department", "Les chiffres 6 à 8"),
    ("nir", "1630967000229", "bad_commune", "Les chiffres après le département"),
    ("nir", "1630999000229", "bad_country", "Les chiffres 8 à 10"),
    ("nir", "1630967482000", "bad_order_number", "Les chiffres 11 à 13"),
    ("siret", "7328293200007A", "bad_character", "Tapez seulement des chiffres."),
    ("siret", "7328293200007", "too_short", "Il manque un chiffre : le numéro SIRET en compte 14."),
    ("siret", "7328293200007412", "too_long", "Il y a 2 chiffres de trop"),
    ("siret", "732829320", "is_siren", "Vous avez tapé les 9 chiffres du SIREN."),
    ("siret", "73282932000075", "bad_key", "Ces 14 chiffres"),
    ("birth_date", "", "required", "Tapez votre date de naissance"),
    ("birth_date", "31/02/1950", "impossible_day", "Vérifiez le jour : en février 1950, le dernier jour était le 28."),
    ("birth_date", "08/09/2030", "future", "Cette date n'est pas encore arrivée."),
    ("birth_date", "08/09/1899", "too_old", "Vérifiez l'année"),
    ("birth_date", "1950", "year_only", "Ajoutez le jour et le mois"),
    ("birth_date", "09/1950", "day_missing", "Ajoutez le jour"),
    ("birth_date", "08/09/63", "two_digit_year", "Tapez l'année avec ses 4 chiffres"),
    ("birth_date", "08/13/1950", "impossible_month", "Vérifiez le mois"),
    ("birth_date", "bonjour", "unreadable", "Tapez le jour, le mois et l'année"),
    ("birth_name", "", "required", "Tapez votre nom de famille."),
    ("birth_name", "Lamy2", "bad_character", "Écrivez votre nom avec des lettres"),
    ("birth_name", "L" * 81, "too_long", "Ce nom est trop long : tapez-le en 80 caractères au plus."),
    ("given_names", "Fr1tz", "bad_character", "Écrivez votre prénom avec des lettres"),
    ("given_names", "F" * 81, "too_long", "Ce texte est trop long"),
    ("email", "lamy.fritz", "no_at", "Il manque le signe @"),
    ("email", "@gmail.fr", "no_name", "Il manque ce qui vient avant"),
    ("email", "lamy@gmail", "no_domain", "Complétez ce qui vient après"),
    ("email", "lamy@orange.f", "cut_domain", "Il manque la fin de l'adresse. Après le signe @, est-ce orange.fr ?"),
    ("email", "la my@gmail.fr", "bad_character", "Une adresse email s'écrit sans espace"),
    ("email", "l" * 70 + "@gmail.fr", "too_long", "Cette adresse est trop longue."),
    ("mobile", "+32 470 12 34 56", "foreign", "Tapez un numéro de France"),
    ("mobile", "06 39 98 1", "too_short", "Il manque des chiffres"),
    ("mobile", "06 39 98 12 34 5", "too_long", "Il y a des chiffres de trop"),
    ("mobile", "06 AB", "bad_character", "Tapez seulement des chiffres."),
    ("mobile", "0000000000", "unknown_number", "Ce numéro n'est attribué à personne."),
    ("mobile", "0199001234", "not_mobile", "Tapez un numéro de téléphone mobile"),
    ("landline", "0639981234", "not_landline", "Tapez un numéro de téléphone fixe"),
    ("amount", "12", "cents_missing", "Ajoutez les centimes : par exemple 12,00 pour 12 euros."),
    ("amount", "12,5", "two_decimals", "Tapez deux chiffres après la virgule"),
    ("amount", "12.505", "too_precise", "Tapez deux chiffres seulement"),
    ("amount", "-3", "negative", "Tapez le montant reçu, sans le signe moins"),
    ("amount", "douze", "bad_character", "Tapez le montant en chiffres"),
    ("amount", ",50", "unreadable", "Tapez les euros, une virgule, puis les centimes"),
    ("amount", "9999999,00", "too_large", "Ce montant est trop grand."),
    ("amount", "0,00", "zero", "Tapez un montant au-dessus de 0"),
    ("serial", "0102457612", "wrong_length", "Tapez les 11 chiffres qui suivent 8025000002. Vous en avez tapé 10."),
    (
        "serial_no_photo",
        "1234567",
        "wrong_length",
        "Le numéro de série compte entre 8 et 13 chiffres. Vous en avez tapé 7.",
    ),
    ("serial", "08091963", "is_date", "C'est une date."),
    ("serial", "1 63 09 67 482 229", "is_nir", "C'est votre numéro de Sécurité sociale."),
    ("serial", "8025000002", "is_prefix", "C'est le début du numéro."),
    ("serial", "80250000025", "technical_number", "Ce numéro est commun"),
    ("serial", "O1024576124", "letters", "Tapez seulement des chiffres."),
    ("serial", "0102457612/", "bad_character", "Tapez seulement des chiffres."),
    ("department", "20", "corsica", "La Corse compte deux départements : tapez 2A"),
    ("department", "67000", "postcode", "C'est un code postal."),
    ("department", "99", "unknown_department", "Nous ne trouvons pas ce département."),
    ("department_choice", "", "required", "Choisissez un département dans la liste."),
    ("department_choice", "99", "invalid_choice", "Choisissez un département de la liste."),
]
MODULES = {
    "nir": ("nir", "nir_rules"),
    "siret": ("siret",),
    "birth_date": ("birth_date", "birth_date_typed"),
    "birth_name": ("names",),
    "given_names": ("names",),
    "email": ("email",),
    "mobile": ("phone",),
    "amount": ("amount",),
    "serial": ("vitale",),
    "department": ("caisses",),
}
ALONE = re.compile(r"\b(invalide|erreur|échec|incorrect|erroné|interdit)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def refusal_of(name, text):
    with pytest.raises(ValidationError) as refused:
        ALL[name].clean(text)
    return refused.value


@pytest.mark.parametrize(("name", "text", "value", "shown"), VALUES)
def test_a_field_gives_the_value_and_shows_it_as_one_would_type_it(name, text, value, shown):
    assert ALL[name].clean(text) == value
    assert ALL[name].prepare_value(value) == shown
    assert ALL[name].clean(shown) == value


@pytest.mark.parametrize(("name", "text", "code", "sentence"), REFUSALS)
def test_a_refusal_keeps_its_code_and_says_in_french_what_to_type(name, text, code, sentence):
    refused = refusal_of(name, text)
    assert refused.code == code
    assert refused.messages[0].replace("\u00a0", " ").startswith(sentence)


@pytest.mark.parametrize("name", MODULES)
def test_every_code_that_a_value_can_refuse_with_has_its_sentence(name):
    folder = Path(accounts.identity.__file__).parent
    source = "".join((folder / f"{module}.py").read_text(encoding="utf-8") for module in MODULES[name])
    codes = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)*)"', "".join(re.findall(r"ValueRefused\([^{\n]*", source))))
    assert codes
    assert codes | {"too_long"} <= {*ALL[name].error_messages, "empty"}


@pytest.mark.parametrize("name", ALL)
def test_every_sentence_has_french_typography_and_no_word_of_blame(name):
    for code, message in ALL[name].error_messages.items():
        assert not re.search(r"(?<!\u00a0)[:;?!»€]|«(?!\u00a0)", message), code
        assert not ALONE.search(message), code
        assert message.endswith((".", "?")), code
        assert message[0].isupper(), code


@pytest.mark.parametrize("name", TYPED)
def test_ten_kilobytes_are_refused_at_the_field(name):
    assert refusal_of(name, "1" * 10_000).code == "max_length"
    assert refusal_of(name, " " * 10_000).code == "max_length"


@pytest.mark.parametrize("name", TYPED)
def test_nul_is_refused_at_the_field(name):
    assert refusal_of(name, "1\x00").code == "null_characters_not_allowed"


@pytest.mark.parametrize("name", TYPED)
def test_bytes_that_were_not_utf_8_are_refused(name):
    assert refusal_of(name, "\ufffd\ufffd").code


@pytest.mark.parametrize("name", ALL)
def test_an_empty_answer_is_asked_for_only_when_needed(name):
    field = type(ALL[name])(required=False)
    assert refusal_of(name, "  " if name in TYPED else "").code == "required"
    assert field.clean("") in (None, "")
    assert field.clean(None) in (None, "")


@pytest.mark.parametrize(("name", "text", "value", "shown"), VALUES)
def test_another_spelling_is_no_change_and_what_cannot_be_read_is_one(name, text, value, shown):
    assert not ALL[name].has_changed(value, text)
    assert not ALL[name].has_changed(shown, text)
    assert ALL[name].has_changed(value, "\ufffd")
    assert ALL[name].has_changed(value, "")
    assert ALL[name].has_changed(None, text)


def test_what_was_typed_comes_back_as_it_was_typed():
    class Asked(forms.Form):
        nir = fields.NirField()
        amount = fields.AmountField()

    form = Asked({"nir": "163 oups", "amount": "12,5"}, initial={"nir": FRITZ, "amount": 1250})
    assert not form.is_valid()
    assert 'value="163 oups"' in str(form["nir"])
    assert 'value="12,5"' in str(form["amount"])
    assert 'value="1 63 09 67 482 229"' in str(Asked(initial={"nir": FRITZ})["nir"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nir", {"class": "input-nir", "inputmode": "text", "autocomplete": "off", "spellcheck": "false"}),
        ("birth_date", {"class": "input-date", "autocomplete": "bday"}),
        ("birth_name", {"autocomplete": "family-name", "spellcheck": "false"}),
        ("given_names", {"autocomplete": "given-name"}),
        ("email", {"autocomplete": "email"}),
        ("mobile", {"class": "input-phone", "inputmode": "tel", "autocomplete": "tel"}),
        ("amount", {"class": "input-amount", "inputmode": "decimal", "autocomplete": "off"}),
        ("serial", {"class": "input-serial", "inputmode": "numeric", "autocomplete": "off"}),
    ],
)
def test_the_widget_helps_the_keyboard_and_the_memory_of_the_browser(name, expected):
    assert expected.items() <= ALL[name].widget.attrs.items()
    assert ALL[name].widget.attrs["data-width"]


@pytest.mark.parametrize(("name", "kind"), [("mobile", "tel"), ("email", "email"), ("nir", "text")])
def test_the_input_has_the_right_type(name, kind):
    assert ALL[name].widget.input_type == kind


def test_attributes_set_by_the_caller_win():
    field = fields.NirField(widget=forms.TextInput(attrs={"autocomplete": "username"}))
    assert field.widget.attrs["autocomplete"] == "username"
    assert field.widget.attrs["class"] == "input-nir"


def test_the_serial_follows_the_settings(settings):
    settings.VITALE_SERIAL_PREFIX = "8025000032"
    assert ALL["serial"].clean("8025000032" + "01024576124") == "01024576124"
    assert "8025000032" in refusal_of("serial", "123456789").messages[0]


def test_the_list_of_departments_is_labelled_and_gives_the_department():
    field = ALL["department_choice"]
    assert list(field.choices)[:2] == [("", "Choisissez un département"), ("01", "01-Ain")]
    assert field.clean("2A") == department("2A")
    assert field.prepare_value(department("2A")) == "2A"
    assert not field.has_changed(department("2A"), "2A")
    assert field.has_changed(department("2A"), "2B")
