"""Owns the field of one line of free text, such as a street or a function (G03, R1)."""

import unicodedata
from typing import Any

from accounts.fields.base import ValueField
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import plain


class LineField(ValueField):
    """Gives one line of printable text, single spaces, no longer than `longest`."""

    empty_value = ""
    default_error_messages = {
        "bad_character": "Un caractère ne peut pas être lu. Effacez-le, puis tapez de nouveau.",
        "too_long": "Ce texte est trop long : gardez %(limit)s caractères au plus.",
    }

    def __init__(self, *, longest: int = 80, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(**kwargs)

    def parse(self, text: str) -> str:
        line = " ".join(plain(text, form="NFC").split())
        if len(line) > self.longest:
            raise ValueRefused("too_long", {"limit": self.longest})
        if any(c == "\ufffd" or unicodedata.category(c)[0] == "C" for c in line):
            raise ValueRefused("bad_character")
        return line

    def typed(self, value: str) -> str:
        return value
