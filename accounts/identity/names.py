"""Owns what makes two spellings of a name the same name (accents, case, hyphens, order, usage name)."""

import unicodedata

from accounts.identity.refusal import ValueRefused
from accounts.identity.typed import APOSTROPHES, HYPHENS, plain, short_enough

LONGEST = 80
# Letters that no decomposition takes apart; ß is already made ss by casefold.
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ı": "i", "þ": "th"})
# « DURAND épouse MARTIN »: words people put between their two names.
LINKING_WORDS = {"EPOUSE", "EP", "EPSE", "VEUVE", "VVE", "NEE", "NE"}


def normalise(text: str) -> str:
    """Upper-case words without accents, one space between; only for comparing, never for showing."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(LIGATURES)
    bare = (c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() and c not in APOSTROPHES else " " for c in bare).upper().split())


def same_family_name(typed: str, birth_name: str, usage_name: str = "") -> bool:
    """The birth name, the usage name, or both in any order."""
    birth, usage = joined(birth_name), joined(usage_name)
    accepted = {birth, usage, birth + usage, usage + birth} - {""}
    return joined(typed) in accepted or joined(without_linking_word(typed)) in accepted


def same_given_names(typed: str, registered: str) -> bool:
    """Every name typed is a registered one, each at most once, at least one, in any order."""
    names = sorted({joined(name) for name in registered.split()} - {""}, key=len, reverse=True)
    wanted = joined(typed)
    return bool(wanted) and made_of(wanted, tuple(names))


def made_of(wanted: str, names: tuple[str, ...]) -> bool:
    """Compared without blanks, so that Jean-Marie, Jean Marie and Jeanmarie are one name."""
    if not wanted:
        return True
    return any(
        wanted.startswith(name) and made_of(wanted[len(name) :], names[:place] + names[place + 1 :])
        for place, name in enumerate(names)
    )


def joined(name: str) -> str:
    return normalise(name).replace(" ", "")


def without_linking_word(typed: str) -> str:
    words = normalise(typed).split()
    inner = [word for word in words[1:-1] if word not in LINKING_WORDS]
    return " ".join([*words[:1], *inner, *words[1:][-1:]])


def clean_typed(text: str) -> str:
    """The name as its bearer writes it, NFC, single spaces; letters, hyphens, apostrophes and full stops only."""
    name = " ".join(plain(short_enough(text), form="NFC").split())
    if not name:
        raise ValueRefused("empty")
    if len(name) > LONGEST:
        raise ValueRefused("too_long", {"limit": LONGEST})
    if not all(belongs_in_a_name(c) for c in name) or not any(c.isalpha() for c in name):
        raise ValueRefused("bad_character")
    return name


def clean_given_names(text: str) -> str:
    """The same, for a list that people often write with commas."""
    return clean_typed(text.replace(",", " ").replace(";", " "))


def belongs_in_a_name(c: str) -> bool:
    """Civil records are kept in Latin letters; a look-alike from another script could never match."""
    if c in APOSTROPHES or c in HYPHENS or c in " .":
        return True
    if unicodedata.category(c) == "Mn":
        return True
    return c.isalpha() and "LATIN" in unicodedata.name(c, "")
