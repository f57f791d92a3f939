"""Owns the serial number of the carte Vitale, with photo and without (facts 2.3, R3)."""

from datetime import date
from enum import StrEnum

from accounts.identity.nir import Nir
from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import compact, is_digits

DIGITS_AFTER_PREFIX, SHORTEST, LONGEST = 11, 8, 13
ISSUER, PREFIX_LENGTH = "80250000", 10
TECHNICAL_NUMBER = "80250000025"


class CardKind(StrEnum):
    """Where the number stands and how long it is depend on it."""

    PHOTO = "photo"
    NO_PHOTO = "no_photo"


def parse_serial(text: str, *, kind: CardKind, nir: Nir | None, prefix: str) -> str:
    """The digits the registry holds, without the printed prefix; no checksum is known, none is enforced."""
    typed = compact(text, without=".").upper()
    refuse_nir(typed, nir)
    if is_date(typed.replace("/", "")):
        raise ValueRefused("is_date")
    if not is_digits(typed):
        raise ValueRefused("letters" if any(c.isalpha() for c in typed) else "bad_character")
    refuse_look_alikes(typed, prefix)
    if CardKind(kind) is CardKind.PHOTO:
        return photo_serial(typed, prefix)
    if not SHORTEST <= len(typed) <= LONGEST:
        raise ValueRefused("wrong_length", {"count": len(typed)})
    return typed


def photo_serial(typed: str, prefix: str) -> str:
    if len(typed) > LONGEST and typed.startswith((ISSUER, prefix)):
        typed = typed[PREFIX_LENGTH:]
    if len(typed) != DIGITS_AFTER_PREFIX:
        raise ValueRefused("wrong_length", {"count": len(typed)})
    return typed


def refuse_nir(typed: str, nir: Nir | None) -> None:
    if nir and len(typed) >= SHORTEST and typed in nir.number + nir.key:
        raise ValueRefused("is_nir")


def refuse_look_alikes(typed: str, prefix: str) -> None:
    """Other numbers of the card or of the person, told apart before they cost a try."""
    if typed == prefix or (len(typed) == PREFIX_LENGTH and typed.startswith(ISSUER)):
        raise ValueRefused("is_prefix")
    if len(typed) >= SHORTEST and typed in TECHNICAL_NUMBER:
        raise ValueRefused("technical_number")


def is_date(typed: str) -> bool:
    if len(typed) != 8 or not is_digits(typed) or not "1900" <= typed[4:] <= "2099":
        return False
    try:
        date(int(typed[4:]), int(typed[2:4]), int(typed[:2]))
    except ValueError:
        return False
    return True


def comparable(serial: str) -> str:
    """Leading zeros count on neither side; photo serials keep one length, so nothing is lost there."""
    return serial.lstrip("0") or "0"
