"""Owns what is said when FranceConnect brings nobody: one row for each case (facts B5, A6 to A8; data/problems.csv)."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "data" / "problems.csv"
# FranceConnect's own: Y and six or seven, the older ones with E.
FRANCECONNECT_CODE = re.compile(r"(?<![0-9A-Za-z])[YE][0-9A-F]{6,7}(?![0-9A-Za-z])", re.ASCII)
GAVE_UP = re.compile(r"\babort", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Problem:
    """What happened, what to do, in the member's words; `for_agents` says why, and what to tell who calls."""

    slug: str
    codes: tuple[str, ...]
    title: str
    what_happened: str
    what_to_do: str
    retry: bool
    for_agents: str


def _read() -> tuple[Problem, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_as_problem(row) for row in rows)


def _as_problem(row: Mapping[str, str]) -> Problem:
    words = {name: row[name] for name in ("slug", "title", "what_happened", "what_to_do", "for_agents")}
    return Problem(**words, codes=tuple(row["codes"].split()), retry=row["retry"] == "1")


PROBLEMS = _read()
BY_SLUG: Mapping[str, Problem] = {problem.slug: problem for problem in PROBLEMS}
BY_CODE: Mapping[str, Problem] = {code: problem for problem in PROBLEMS for code in problem.codes}


def of(slug: str) -> Problem:
    """Raises KeyError when no page has this name."""
    return BY_SLUG[slug]


def find(code: str) -> Problem | None:
    """For agents: FranceConnect's code as somebody reads it out, or an error's name."""
    typed = code.strip()
    return BY_CODE.get(typed.upper()) or BY_CODE.get(typed.lower())


def told_by(told: Mapping[str, Any]) -> tuple[Problem, str]:
    """The problem of an OAuth error, and FranceConnect's own code in it, which says more than the error's name."""
    said = " ".join(str(told.get(name, ""))[:1000] for name in ("error_description", "error_uri"))
    found = FRANCECONNECT_CODE.search(said)
    code = found[0] if found else ""
    if code in BY_CODE:
        return BY_CODE[code], code
    error = str(told.get("error", ""))
    if error == "access_denied" and GAVE_UP.search(said):
        return BY_SLUG["abandon"], code
    return BY_CODE.get(error, BY_SLUG["autre-erreur"]), code
