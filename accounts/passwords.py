"""What a good password is (D03 to D06, R9), how it is stored (R17), and the temporary one (R13)."""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from accounts.identity.names import normalise
from accounts.models import Account

SHORTEST, LONGEST = 8, 50
# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: what is read on paper can be typed.
READABLE = "ACDEFGHJKMNPQRTWXY34679"
TEMPORARY_LENGTH = 12
# zxcvbn refuses more and its time grows with the square of the length.
JUDGED_LENGTH = 50
REFUSED_FILE = Path(__file__).parent / "data" / "refused_passwords.txt"


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with the costs of the settings (R17)."""

    time_cost = settings.ARGON2_TIME_COST
    memory_cost = settings.ARGON2_MEMORY_COST
    parallelism = settings.ARGON2_PARALLELISM


class Level(StrEnum):
    """The gauge's three words (D05)."""

    WEAK = "faible"
    MEDIUM = "moyen"
    STRONG = "fort"


# What is asked for, in the order in which it is told.
LENGTH = "length"
KINDS = "kinds"
PERSONAL = "personal"
COMMON = "common"
SAME = "same"

REFUSALS = {
    LENGTH: "Choisissez un mot de passe de 8 à 50 caractères.",
    KINDS: "Utilisez au moins 3 de ces 4 sortes de caractères : majuscule, minuscule, chiffre, "
    "caractère spécial (comme par exemple ? . / : ; , = > < @).",
    PERSONAL: "Choisissez un mot de passe sans votre nom, votre date de naissance ni votre identifiant (numéro de "
    "Sécurité sociale, ou SIRET d'une entreprise).",
    COMMON: "Ce mot de passe est trop facile à deviner. Ajoutez un ou deux mots peu courants, ou choisissez un autre "
    "mot de passe.",
    SAME: "Choisissez un autre mot de passe que celui d'avant.",
}

# zxcvbn speaks English; these are the pieces of advice a member can act on.
ADVICE = {
    "Use a few words, avoid common phrases": "Utilisez plusieurs mots qui ne vont pas ensemble.",
    "No need for symbols, digits, or uppercase letters": "",
    "Add another word or two. Uncommon words are better.": "Ajoutez un ou deux mots peu courants.",
    "Use a longer keyboard pattern with more turns": "Évitez les touches qui se suivent sur le clavier.",
    "Avoid repeated words and characters": "Évitez de répéter le même mot ou le même caractère.",
    "Avoid sequences": "Évitez les suites comme « abc » ou « 6543 ».",
    "Avoid recent years": "Évitez les années récentes.",
    "Avoid years that are associated with you": "Évitez les années qui vous concernent.",
    "Avoid dates and years that are associated with you": "Évitez les dates qui vous concernent.",
    "Capitalization doesn't help very much": "Une majuscule au début aide peu : placez-la ailleurs.",
    "All-uppercase is almost as easy to guess as all-lowercase": "Mélangez les majuscules et les minuscules.",
    "Reversed words aren't much harder to guess": "Un mot écrit à l'envers reste facile à deviner.",
    "Predictable substitutions like '@' instead of 'a' don't help very much": "Remplacer « a » par « @ » aide peu.",
}


@dataclass(frozen=True)
class Judgement:
    """What the server thinks of a password: `missing` holds refusal codes, `advice` French sentences."""

    level: Level
    missing: tuple[str, ...]
    advice: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.missing

    @property
    def refusals(self) -> list[ValidationError]:
        """One message per thing that is missing."""
        return [ValidationError(REFUSALS[code], code=code) for code in self.missing]


def judge(password: str, *, personal: Iterable[str] = ()) -> Judgement:
    """Apply the rule (D06, R9) and the gauge to a password; `personal` are the words that name the member."""
    words = [word for word in (normalise(part) for part in personal) if len(word) >= 3]
    missing = [code for code, holds in _rules(password, words).items() if not holds]
    verdict = zxcvbn(password[:JUDGED_LENGTH] or " ", user_inputs=[*words, *french_words()])
    score = verdict["score"]
    if not missing and score < 2:
        missing = [COMMON]
    level = Level.WEAK if missing or score < 2 else Level.MEDIUM if score < 4 else Level.STRONG
    # What is refused as too common says what to do already.
    suggestions = [] if COMMON in missing else verdict["feedback"]["suggestions"]
    advice = (ADVICE.get(text, "") for text in suggestions)
    return Judgement(level, tuple(missing), tuple(text for text in advice if text))


def meets_rule(password: str) -> bool:
    """D06 alone, its length and its kinds of characters: cheap enough to ask at each sign-in (D08)."""
    return all(_composition(password).values())


def _composition(password: str) -> dict[str, bool]:
    kinds = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
    return {
        LENGTH: SHORTEST <= len(password) <= LONGEST,
        KINDS: sum(any(kind(character) for character in password) for kind in kinds) >= 3,
    }


def _rules(password: str, words: list[str]) -> dict[str, bool]:
    plain = normalise(password).replace(" ", "")
    return {
        **_composition(password),
        PERSONAL: not any(word.replace(" ", "") in plain for word in words),
        # « Soleil123! » is « soleil ».
        COMMON: refused().isdisjoint({password.casefold(), plain.casefold(), plain.casefold().rstrip(string.digits)}),
    }


def check(password: str, *, personal: Iterable[str] = ()) -> None:
    """Raises ValidationError with one message per thing that is missing."""
    if refusals := judge(password, personal=personal).refusals:
        raise ValidationError(refusals)


def refuse_the_old_one(password: str, account: Account) -> None:
    """R11: where a new password is owed, the old one is none. One hash, and only there. Raises ValidationError."""
    if account.password_due_at and account.check_password(password):
        raise ValidationError(REFUSALS[SAME], code=SAME)


@lru_cache(maxsize=1)
def refused() -> frozenset[str]:
    """Common passwords, French ones among them."""
    lines = REFUSED_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=1)
def french_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in refused() if word.isalpha() and len(word) >= 4))


def personal_words(account: Account) -> list[str]:
    """The words a member's own password must not contain (R9): names, birth date, NIR; a company's: SIRET, names."""
    if account.kind == Account.Kind.COMPANY:
        return _words_of_a_company(account)
    if account.member is None:
        return []
    member = account.member
    born = member.birth_date
    year, month, day = f"{born.year:04d}", f"{born.month or 0:02d}", f"{born.day or 0:02d}"
    dates = [f"{day}{month}{year}", f"{year}{month}{day}", f"{day}{month}{year[2:]}"]
    number = member.nir.number
    names = [member.birth_name, member.usage_name, *member.given_names.replace("-", " ").split()]
    return [*names, *dates, number, number[:7]]


def _words_of_a_company(account: Account) -> list[str]:
    company = account.company
    number, asked_by = company.siret.number, company.details["name"]
    # « SCEA » alone is half of the farms of France.
    names = (word for word in normalise(f"{company.name} {asked_by}").split() if len(word) > 4)
    return [company.name, *names, number, number[:9]]


def readable(length: int) -> str:
    """So many characters by chance that are read from paper, or said aloud, without a doubt (R13)."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def temporary_password() -> str:
    """12 characters without look-alikes, 54 bits (R13)."""
    return readable(TEMPORARY_LENGTH)


def as_typed(temporary: str) -> str:
    """What a member copied from a mail or a letter: blanks and hyphens of any kind and the case do not matter."""
    return "".join(filter(str.isalnum, temporary)).upper()


def grouped(temporary: str) -> str:
    """« ABCD-EFGH-JKLM », easier to copy."""
    return "-".join(temporary[start : start + 4] for start in range(0, len(temporary), 4))
