"""Owns the fields of a department, typed or chosen (C10, H03)."""

from typing import Any

from django import forms

from accounts.fields.base import ValueField
from accounts.fields.typography import spaced
from accounts.identity.caisses import DEPARTMENTS, Department, department, departments

EXAMPLE = "par exemple 67, 2A ou 974"


class DepartmentField(ValueField):
    """Gives a Department from its number."""

    attrs = {"class": "input-department", "data-width": "department", "inputmode": "text", "autocomplete": "off"}
    default_error_messages = {
        "required": f"Tapez le numéro de votre département, {EXAMPLE}.",
        "too_long": f"Tapez seulement le numéro de votre département, {EXAMPLE}.",
        "corsica": "La Corse compte deux départements : tapez 2A pour la Corse-du-Sud ou 2B pour la Haute-Corse.",
        "postcode": f"C'est un code postal. Tapez le numéro de votre département, {EXAMPLE}.",
        "unknown_department": f"Nous ne trouvons pas ce département. Tapez son numéro, {EXAMPLE}.",
    }

    def parse(self, text: str) -> Department:
        return department(text)

    def typed(self, value: Department) -> str:
        return value.code


class DepartmentChoiceField(forms.TypedChoiceField):
    """Gives a Department picked in the list « 01-Ain », or None."""

    default_error_messages = {
        "required": "Choisissez un département dans la liste.",
        "invalid_choice": "Choisissez un département de la liste.",
    }

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "Choisissez un département"), *((each.code, each.label) for each in departments())]
        super().__init__(**{"choices": choices, "coerce": as_department, "empty_value": None, **kwargs})
        self.error_messages = {code: spaced(str(message)) for code, message in self.error_messages.items()}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "input-department-choice", **widget.attrs}

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Department) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and (self.prepare_value(initial) or "") != (data or "")


def as_department(value: str | Department) -> Department:
    return value if isinstance(value, Department) else DEPARTMENTS[value]
