"""Owns the field of the carte Vitale's serial number (B18, B20, R3)."""

from typing import Any

from django.conf import settings

from accounts.fields.base import ValueField
from accounts.identity.nir import Nir
from accounts.identity.vitale import CardKind, parse_serial


class VitaleSerialField(ValueField):
    """Gives the serial's digits; the form sets `kind` and `nir` once it knows them."""

    attrs = {"class": "input-serial", "data-width": "serial", "inputmode": "numeric", "autocomplete": "off"}
    default_error_messages = {
        "required": "Tapez le numéro de série de votre carte Vitale.",
        "too_long": "Tapez seulement le numéro de série de votre carte Vitale.",
        "letters": "Tapez seulement des chiffres. Le numéro de série ne contient pas de lettre.",
        "bad_character": "Tapez seulement des chiffres. Les espaces sont acceptés.",
        "is_nir": "C'est votre numéro de Sécurité sociale. Tapez le numéro de série de la carte : regardez le dessin.",
        "is_date": "C'est une date. Tapez le numéro de série de la carte : regardez le dessin.",
        "is_prefix": "C'est le début du numéro. Tapez les chiffres qui viennent après.",
        "technical_number": "Ce numéro est commun à beaucoup de cartes. Tapez le numéro de série : regardez le dessin.",
        "wrong_length": "Tapez les 11 chiffres qui suivent %(prefix)s. Vous en avez tapé %(count)s.",
        "wrong_length_no_photo": "Le numéro de série compte entre 8 et 13 chiffres. Vous en avez tapé %(count)s.",
    }

    def __init__(self, *, kind: CardKind = CardKind.PHOTO, nir: Nir | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self.nir = nir

    @property
    def prefix(self) -> str:
        return settings.VITALE_SERIAL_PREFIX

    def parse(self, text: str) -> str:
        return parse_serial(text, kind=self.kind, nir=self.nir, prefix=self.prefix)

    def sentence(self, code: str) -> str:
        """The card without photo has another length and no printed beginning."""
        if code == "wrong_length" and self.kind == CardKind.NO_PHOTO:
            return super().sentence("wrong_length_no_photo")
        return super().sentence(code).replace("%(prefix)s", self.prefix)
