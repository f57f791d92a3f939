"""Owns the rules a NIR must meet, in the order in which a member is told of them (facts 1.1, 1.2)."""

from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import is_digits

LENGTH, WITH_KEY = 13, 15
CORSICA = {"2A": "19", "2B": "18"}
OVERSEAS = {*map(str, range(971, 979)), *map(str, range(984, 990))}


def key_of(number: str) -> str:
    """Facts 1.2: the letters of Corsica count at the place of the department only."""
    department = number[5:7]
    figures = number[:5] + CORSICA.get(department, department) + number[7:]
    return f"{97 - int(figures) % 97:02d}"


def check_shape(typed: str) -> tuple[str, str]:
    """The thirteen characters and the key typed with them, if any."""
    if not (typed.isascii() and typed.isalnum()):
        raise ValueRefused("bad_character")
    typed = typed.upper()
    check_length(typed)
    if typed[0] not in "123478":
        raise ValueRefused("bad_first_digit")
    department = typed[5:7]
    if not is_digits(typed[:5] + CORSICA.get(department, department) + typed[7:]):
        raise ValueRefused("letter_misplaced")
    return typed[:LENGTH], typed[LENGTH:]


def check_length(typed: str) -> None:
    count = len(typed)
    if count in (LENGTH, WITH_KEY):
        return
    if any(c.isalpha() and c not in "AB" for c in typed):  # the letter explains more than the count
        raise ValueRefused("letter_misplaced")
    if count == LENGTH + 1:
        raise ValueRefused("wrong_length_14")
    if count < LENGTH:
        raise ValueRefused("too_short", {"count": count, "missing": LENGTH - count})
    raise ValueRefused("too_long", {"count": count, "extra": count - WITH_KEY})


def check_birth(number: str) -> None:
    """Month, place and order; a commune is never looked up, for extension codes are in no list (facts 1.1)."""
    month = int(number[3:5])
    if month == 0 or 13 <= month <= 19 or 43 <= month <= 49:
        raise ValueRefused("bad_month", {"month": number[3:5]})
    check_place(number[5:7], number[7:10])
    if number[10:] == "000":
        raise ValueRefused("bad_order_number")


def check_place(department: str, place: str) -> None:
    if department == "00":
        raise ValueRefused("bad_department")
    if department == "99":
        if place == "000":
            raise ValueRefused("bad_country")
    elif department in ("97", "98"):
        if department + place[0] not in OVERSEAS:
            raise ValueRefused("bad_overseas_department")
        if place[1:] == "00":
            raise ValueRefused("bad_commune")
    elif place == "000":
        raise ValueRefused("bad_commune")


def check_key(number: str, key: str) -> None:
    if key and key != key_of(number):
        raise ValueRefused("bad_key")
