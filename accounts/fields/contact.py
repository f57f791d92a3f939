"""Owns the fields of contact details: e-mail address, telephone (B11, E02)."""

from typing import Any

from django import forms

from accounts.fields.base import ValueField
from accounts.identity.email import Email
from accounts.identity.phone import Phone, PhoneKind

EMAIL_EXAMPLE = "par exemple prenom.nom@orange.fr"
PREFIXES = "Hors de métropole, commencez par l'indicatif, par exemple +262 pour La Réunion."


class EmailAddressField(ValueField):
    """Gives an Email; whether a provider's name looks misspelt is told by its suggestion, never refused."""

    widget = forms.EmailInput
    attrs = {"class": "input-email", "data-width": "email", "autocomplete": "email", "spellcheck": "false"}
    default_error_messages = {
        "required": f"Tapez votre adresse email, {EMAIL_EXAMPLE}.",
        "no_at": f"Il manque le signe @ dans l'adresse, {EMAIL_EXAMPLE}.",
        "no_name": f"Il manque ce qui vient avant le signe @, {EMAIL_EXAMPLE}.",
        "no_domain": f"Complétez ce qui vient après le signe @, {EMAIL_EXAMPLE}.",
        "cut_domain": "Il manque la fin de l'adresse. Après le signe @, est-ce %(provider)s ?",
        "bad_character": "Une adresse email s'écrit sans espace, sans accent et sans virgule. Vérifiez chaque signe, "
        f"{EMAIL_EXAMPLE}.",
        "too_long": f"Cette adresse est trop longue. Tapez une seule adresse, {EMAIL_EXAMPLE}.",
    }

    def parse(self, text: str) -> Email:
        return Email.parse(text)

    def typed(self, value: Email) -> str:
        return value.address


class PhoneField(ValueField):
    """Gives a Phone of the kind asked for."""

    widget = forms.TelInput
    attrs = {
        "class": "input-phone",
        "data-width": "phone",
        "inputmode": "tel",
        "autocomplete": "tel",
    }
    default_error_messages = {
        "required": "Tapez votre numéro de téléphone : 10 chiffres.",
        "bad_character": "Tapez seulement des chiffres. Les espaces, les points et le signe + au début sont acceptés.",
        "too_short": f"Il manque des chiffres : un numéro en compte 10. {PREFIXES}",
        "too_long": "Il y a des chiffres de trop : un numéro en compte 10, ou commence par +33.",
        "foreign": "Tapez un numéro de France, de métropole ou d'outre-mer. Nous ne pouvons pas appeler les numéros "
        "d'autres pays.",
        "not_mobile": "Tapez un numéro de téléphone mobile : il commence par 06 ou 07.",
        "not_landline": "Tapez un numéro de téléphone fixe : il commence par 01, 02, 03, 04, 05 ou 09.",
        "unknown_number": f"Ce numéro n'est attribué à personne. Vérifiez chaque chiffre. {PREFIXES}",
    }

    def __init__(self, *, kind: PhoneKind = PhoneKind.ANY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def parse(self, text: str) -> Phone:
        return Phone.parse(text, kind=self.kind)

    def sentence(self, code: str) -> str:
        """Who has only a foreign number goes on without one where they may."""
        leave = " Vous pouvez aussi laisser ce champ vide." if code == "foreign" and not self.required else ""
        return super().sentence(code) + leave

    def typed(self, value: Phone) -> str:
        return value.grouped
