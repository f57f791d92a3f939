"""An aim of the issue beside a figure: « ≤ 0.40 », and whether it was missed."""

from typing import Any


def aimed(figure: float, aim: str) -> dict[str, Any]:
    """The columns `aim` and `missed` of a row."""
    return {"aim": aim, "missed": "" if holds(figure, aim) else "missed"}


def holds(figure: float, aim: str) -> bool:
    sign, _, bound = aim.partition(" ")
    return {"≤": figure <= float(bound), "≥": figure >= float(bound)}[sign]
