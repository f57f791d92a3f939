"""Owns amounts of money as members type and read them; inside, whole cents (R4)."""

import re

from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import HYPHENS, plain

LARGEST = 99_999_999
EURO = re.compile(r"(?:€|euros?|eur)", re.IGNORECASE)
# Points or commas between thousands are read only when the other sign starts the cents.
THOUSANDS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,|(?:,[0-9]{3})+\.)[0-9]*")
AMOUNT = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?")


def parse_amount(text: str) -> int:
    """Cents; exactly two digits after the comma, for the amount is a proof (R4)."""
    typed = without_euro("".join(plain(text).split()))
    if not typed:
        raise ValueRefused("empty")
    if typed[0] in HYPHENS:
        raise ValueRefused("negative")
    if re.search(r"[^0-9.,]", typed):
        raise ValueRefused("bad_character")
    return in_cents(typed)


def without_euro(typed: str) -> str:
    """`12 € 50` is how people say it: there the sign stands for the comma."""
    typed = EURO.sub("€", typed)
    if typed.startswith("€") or typed.endswith("€"):
        return typed.removeprefix("€").removesuffix("€")
    return typed.replace("€", ",", 1)


def in_cents(typed: str) -> int:
    if THOUSANDS.fullmatch(typed):
        typed = re.sub(r"[.,](?=[0-9]{3}[.,])", "", typed)
    found = AMOUNT.fullmatch(typed)
    if not found:
        raise ValueRefused("unreadable")
    euros, cents = found[1].lstrip("0"), found[2]
    check_decimals(cents)
    if len(euros) > 9 or int((euros or "0") + cents) > LARGEST:
        raise ValueRefused("too_large")
    if not int((euros or "0") + cents):
        raise ValueRefused("zero")
    return int((euros or "0") + cents)


def check_decimals(cents: str | None) -> None:
    if not cents:
        raise ValueRefused("cents_missing")
    if len(cents) == 1:
        raise ValueRefused("two_decimals")
    if len(cents) > 2:
        raise ValueRefused("too_precise")


def french_amount(cents: int) -> str:
    """« 1 234,56 € »: narrow no-break space in thousands, no-break space before the sign."""
    return f"{typed_amount(cents)}\u00a0€"


def typed_amount(cents: int) -> str:
    euros, rest = divmod(abs(cents), 100)
    sign = "\u2212" if cents < 0 else ""
    return f"{sign}{euros:,}".replace(",", "\u202f") + f",{rest:02d}"
