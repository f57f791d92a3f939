"""« Vérifier ce message »: the code at the foot of an e-mail or a letter."""

from django import forms
from django.core.exceptions import ValidationError

from accounts import public_codes
from accounts.forms.access import PlainForm
from accounts.passwords import as_typed

LOOK = {
    "class": "input-public-code",
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
}


class VerifyMessageForm(PlainForm):
    """Blanks, hyphens and the case do not matter."""

    code = forms.CharField(
        label="Code du message",
        help_text="Il est écrit tout en bas\u00a0: 10 lettres et chiffres, par exemple ACDEF-GHJK3.",
        max_length=40,
        widget=forms.TextInput(attrs=LOOK),
        error_messages={
            "required": "Tapez le code écrit en bas du message\u00a0: 10 lettres et chiffres.",
            "max_length": "Tapez seulement le code\u00a0: 10 lettres et chiffres.",
            "null_characters_not_allowed": "Tapez seulement le code\u00a0: 10 lettres et chiffres.",
        },
    )

    def clean_code(self) -> str:
        code = as_typed(self.cleaned_data["code"])
        if len(code) != public_codes.LENGTH:
            sentence = "Le code d'un message de la MSA compte 10 lettres et chiffres. Recopiez-le depuis le message."
            raise ValidationError(sentence, code="wrong_length")
        return code
