"""The choice of a department, and the code of the letter (H07, R11)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.fields import DepartmentChoiceField
from accounts.forms.access import PlainForm
from accounts.identity.caisses import Department
from accounts.passwords import TEMPORARY_LENGTH, as_typed

LOOK = {"class": "input-public-code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
CODE = "Tapez le code confidentiel écrit dans votre courrier\u00a0: 12 lettres et chiffres."


class DepartmentForm(PlainForm):
    """« Choix d'un département d'inscription »: shows what may be asked for, understands every department."""

    department = DepartmentChoiceField(label="Département\u00a0*")

    def __init__(self, *args: Any, offered: Iterable[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [("", "Choisissez un département"), *((each.code, each.label) for each in offered)]
        self.fields["department"].widget.choices = shown


class CodeForm(PlainForm):
    """Blanks, hyphens and the case do not matter."""

    code = forms.CharField(
        label="Code confidentiel",
        help_text="12 lettres et chiffres, par exemple ACDE-FGHJ-KMN3. Les tirets ne comptent pas.",
        max_length=40,
        widget=forms.TextInput(attrs=LOOK),
        error_messages={"required": CODE, "max_length": CODE, "null_characters_not_allowed": CODE},
    )

    def clean_code(self) -> str:
        code = as_typed(self.cleaned_data["code"])
        if len(code) != TEMPORARY_LENGTH:
            raise ValidationError(CODE, code="wrong_length")
        return code
