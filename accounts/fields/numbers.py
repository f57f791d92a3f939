"""Owns the fields of the two identifiers, numéro de Sécurité sociale and SIRET (R1, B05, B08)."""

from accounts.fields.base import ValueField
from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused
from accounts.identity.siret import Siret

LENGTHS = "le numéro de Sécurité sociale en compte 13, ou 15 avec la clé."
LOOK = "Vérifiez le numéro sur votre carte Vitale."


class NirField(ValueField):
    """Gives a Nir; not numeric on phones, for Corsica has letters."""

    attrs = {
        "class": "input-nir",
        "data-width": "nir",
        "inputmode": "text",
        "autocomplete": "off",
        "autocapitalize": "characters",
        "spellcheck": "false",
    }
    default_error_messages = {
        "required": "Tapez votre numéro de Sécurité sociale : 13 chiffres, ou 15 avec la clé.",
        "bad_character": "Tapez seulement des chiffres. Les espaces sont acceptés ; la lettre A ou B ne sert que pour "
        "une naissance en Corse.",
        "letter_misplaced": "Une lettre s'est glissée parmi les chiffres. Tapez 0 et non la lettre O. Seuls 2A et 2B, "
        "pour une naissance en Corse, contiennent une lettre.",
        "too_short": f"Il manque %(missing)s : {LENGTHS}",
        "too_long": f"Il y a %(extra)s de trop : {LENGTHS}",
        "wrong_length_14": "Vous avez tapé 14 chiffres. Il manque un chiffre à la clé, qui en compte 2 : tapez les "
        "13 premiers chiffres seulement, ou les 15.",
        "bad_first_digit": f"Le premier chiffre est 1, 2, 3, 4, 7 ou 8. {LOOK}",
        "bad_month": "Le 4e et le 5e chiffre disent le mois de naissance : %(month)s n'est pas un mois. "
        f"Par exemple, 09 pour septembre. {LOOK}",
        "bad_department": f"Le 6e et le 7e chiffre disent le département de naissance : ce n'est jamais 00. {LOOK}",
        "bad_overseas_department": "Les chiffres 6 à 8 disent le département ou le territoire de naissance, par "
        f"exemple 974 pour La Réunion. {LOOK}",
        "bad_commune": f"Les chiffres après le département disent la commune : ils ne sont jamais tous à 0. {LOOK}",
        "bad_country": f"Les chiffres 8 à 10 disent le pays de naissance : ce n'est jamais 000. {LOOK}",
        "bad_order_number": f"Les chiffres 11 à 13 ne sont jamais 000. {LOOK}",
        "bad_key": f"Les deux derniers chiffres ne correspondent pas aux 13 premiers. {LOOK}",
    }

    def parse(self, text: str) -> Nir:
        return Nir.parse(text)

    def typed(self, value: Nir) -> str:
        return value.grouped


class SiretField(ValueField):
    """Gives a Siret."""

    attrs = {"class": "input-siret", "data-width": "siret", "inputmode": "numeric", "autocomplete": "off"}
    default_error_messages = {
        "required": "Tapez le numéro SIRET de l'établissement : 14 chiffres.",
        "bad_character": "Tapez seulement des chiffres. Les espaces sont acceptés.",
        "too_short": "Il manque %(missing)s : le numéro SIRET en compte 14.",
        "too_long": "Il y a %(extra)s de trop : le numéro SIRET en compte 14.",
        "is_siren": "Vous avez tapé les 9 chiffres du SIREN. Ajoutez les 5 chiffres de l'établissement : "
        "le numéro SIRET en compte 14.",
        "bad_key": "Ces 14 chiffres ne forment pas un numéro SIRET. Recopiez-le depuis un document de l'entreprise, "
        "par exemple un bulletin de paie.",
    }

    def parse(self, text: str) -> Siret:
        return Siret.parse(text)

    def typed(self, value: Siret) -> str:
        return value.grouped


class LoginField(ValueField):
    """Gives a Nir, or the Siret of a company that types its own in the same place (R1, C02)."""

    attrs = NirField.attrs
    default_error_messages = NirField.default_error_messages

    def parse(self, text: str) -> Nir | Siret:
        """Fourteen digits are a SIRET when their control digit is right; else a number whose key is cut short."""
        try:
            return Nir.parse(text)
        except ValueRefused as refused:
            try:
                return Siret.parse(text)
            except ValueRefused:
                raise refused from None

    def typed(self, value: Nir | Siret) -> str:
        return value.grouped
