"""Owns the field of an amount received, asked as a proof (B16, R4)."""

from accounts.fields.base import ValueField
from accounts.identity.amount import parse_amount, typed_amount

EXAMPLE = "par exemple 152,40"


class AmountField(ValueField):
    """Gives cents."""

    attrs = {"class": "input-amount", "data-width": "amount", "inputmode": "decimal", "autocomplete": "off"}
    default_error_messages = {
        "required": f"Tapez le montant reçu, avec les centimes, {EXAMPLE}.",
        "too_long": f"Tapez seulement le montant, avec les centimes, {EXAMPLE}.",
        "negative": f"Tapez le montant reçu, sans le signe moins, {EXAMPLE}.",
        "bad_character": f"Tapez le montant en chiffres, {EXAMPLE}.",
        "unreadable": f"Tapez les euros, une virgule, puis les centimes, {EXAMPLE}.",
        "cents_missing": "Ajoutez les centimes : par exemple 12,00 pour 12 euros.",
        "two_decimals": "Tapez deux chiffres après la virgule : par exemple 12,50 et non 12,5.",
        "too_precise": "Tapez deux chiffres seulement après la virgule, par exemple 12,50.",
        "too_large": "Ce montant est trop grand. Vérifiez la place de la virgule, par exemple 1 234,56.",
        "zero": f"Tapez un montant au-dessus de 0 : celui d'un paiement que vous avez reçu, {EXAMPLE}.",
    }

    def parse(self, text: str) -> int:
        return parse_amount(text)

    def typed(self, value: int) -> str:
        return typed_amount(value)
