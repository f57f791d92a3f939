"""Owns what all our fields share: guards before parsing, the refusal's code kept, typed text kept as typed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Widget

from accounts.fields.typography import counted, spaced
from accounts.identity.refusal import ValueRefused

LONGEST = 200


class ValueField(forms.Field):
    """A text input whose cleaned value is the value itself; `parse` and `typed` are the two directions."""

    widget: type[Widget] = forms.TextInput
    empty_value: ClassVar[Any] = None
    attrs: ClassVar[Mapping[str, str]] = {}
    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": "Ce texte est trop long : gardez seulement ce qui est demandé.",
        "null_characters_not_allowed": "Un caractère invisible s'est glissé dans votre réponse. Effacez tout, puis "
        "tapez de nouveau.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages = {code: spaced(str(message)) for code, message in self.error_messages.items()}
        self.label, self.help_text = self.label and spaced(str(self.label)), spaced(str(self.help_text))

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def typed(self, value: Any) -> str:
        raise NotImplementedError

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """What the caller set on its own widget wins."""
        ours = {"maxlength": str(LONGEST), **self.attrs}
        return {name: value for name, value in ours.items() if name not in widget.attrs}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return self.empty_value
        if not isinstance(value, str):
            return value
        self.guard(value)
        try:
            return self.parse(value)
        except ValueRefused as refused:
            if refused.code == "empty":
                return self.empty_value
            raise self.refusal(refused) from refused

    def guard(self, text: str) -> None:
        """Before any work: ten kilobytes and NUL are never a value."""
        if len(text) > LONGEST:
            raise ValidationError(self.error_messages["max_length"], code="max_length")
        if "\x00" in text:
            code = "null_characters_not_allowed"
            raise ValidationError(self.error_messages[code], code=code)

    def refusal(self, refused: ValueRefused) -> ValidationError:
        return ValidationError(self.sentence(refused.code), code=refused.code, params=worded(refused.params))

    def sentence(self, code: str) -> str:
        return str(self.error_messages[code])

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("\x00", "")  # refused, and no page may hold one
        return value if value is None else self.typed(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Another spelling of the same value is no change; what cannot be read is one."""
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def worded(params: Mapping[str, int | str]) -> dict[str, int | str]:
    """Counts become words: « un chiffre », « 2 chiffres »."""
    nouns = {name: counted(int(params[name]), "chiffre") for name in ("missing", "extra") if name in params}
    return {**params, **nouns}
