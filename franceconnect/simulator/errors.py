"""Owns the hub's refusals: FranceConnect's codes, their status and what a service hears (facts A3 to A8, B5)."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "errors.csv"


class HubRefused(Exception):
    """Shown on the hub's own page with its code; the service hears nothing."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@cache
def words() -> dict[str, str]:
    """code → what it means, in French."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["words"] for row in csv.DictReader(file)}


def in_words(code: str) -> str:
    return words().get(code, "")
