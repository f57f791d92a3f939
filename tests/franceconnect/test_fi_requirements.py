"""FranceConnect's thirty requirements for an identity provider: each is named by a test (issue 3, « Done when »)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"FI (\d{1,2})(?: (?:to|–) (?:FI )?(\d{1,2}))?")


def docstrings() -> Iterator[str]:
    """What the tests themselves say of what they hold; not what a module promises."""
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield ast.get_docstring(node) or ""


def numbers(text: str) -> set[int]:
    found = set()
    for first, last in NAMED.findall(text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_ranges_are_understood() -> None:
    assert numbers("FI 3, FI 14 to FI 16 and FI 20 to 22 (A5)") == {3, 14, 15, 16, 20, 21, 22}


@pytest.mark.parametrize("number", range(1, 31))
def test_each_of_the_thirty_is_held_by_a_test(number: int) -> None:
    assert any(number in numbers(text) for text in docstrings())
