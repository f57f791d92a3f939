"""Owns the accounts that FranceConnect accepts and what each asks of its holder, read once from franceconnect/data."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
YES, NO = "oui", "non"


class Verdict(Enum):
    """K06: every « oui » ticked, or what stands in the way."""

    SUITS = "suits"
    INCOMPLETE = "incomplete"
    LACKS = "lacks"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a column; `name` is what the form calls it, `words` are the document's."""

    name: str
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A column of the table (K01 to K05), or an account that the documents only name (M05)."""

    slug: str
    name: str
    is_offered: bool
    url: str
    way_in: str
    note: str
    caution: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A condition and what was answered: YES, NO or nothing yet."""

    condition: Condition
    answer: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a column says once its questions were put."""

    provider: IdentityProvider
    questions: tuple[Question, ...]

    @property
    def lacking(self) -> tuple[Condition, ...]:
        return tuple(each.condition for each in self.questions if each.answer == NO)

    @property
    def unanswered(self) -> tuple[Condition, ...]:
        return tuple(each.condition for each in self.questions if not each.answer)

    @property
    def verdict(self) -> Verdict:
        """A single « non » settles it; an account that is no more opens nothing, whatever was ticked."""
        if self.lacking:
            return Verdict.LACKS
        if self.unanswered:
            return Verdict.INCOMPLETE
        return Verdict.SUITS if self.provider.is_offered else Verdict.GONE


def judge(answers: Mapping[str, str]) -> tuple[Opinion, ...]:
    """Each column with these answers; what is neither « oui » nor « non » is no answer."""
    return tuple(
        Opinion(each, tuple(Question(asked, heard(answers.get(asked.name, ""))) for asked in each.conditions))
        for each in PROVIDERS
        if each.conditions
    )


def heard(answer: str) -> str:
    return answer if answer in (YES, NO) else ""


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_provider(row: Mapping[str, str], conditions: Iterator[Mapping[str, str]]) -> IdentityProvider:
    told = {column: row[column] for column in ("slug", "name", "url", "way_in", "note", "caution")}
    asked = tuple(Condition(f"{row['slug']}-{each['slug']}", each["words"], each["hint"]) for each in conditions)
    return IdentityProvider(**told, is_offered=row["state"] == "active", conditions=asked)


def read_all() -> tuple[IdentityProvider, ...]:
    """In the order of the file."""
    conditions = read("identity_provider_conditions.csv")
    return tuple(
        as_provider(row, (each for each in conditions if each["provider"] == row["slug"]))
        for row in read("identity_providers.csv")
    )


PROVIDERS: tuple[IdentityProvider, ...] = read_all()
OFFERED = tuple(each for each in PROVIDERS if each.is_offered)
HISTORIC = tuple(each for each in PROVIDERS if not each.is_offered)
