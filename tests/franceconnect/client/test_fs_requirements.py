"""The twenty-four requirements for a service of FranceConnect: each is named by a test (issue 4, « Done when »)."""

import re

import pytest

from tests.franceconnect.test_fi_requirements import docstrings

NAMED = re.compile(r"FS (\d{1,2})(?: (?:to|–) (?:FS )?(\d{1,2}))?")


def numbers(text: str) -> set[int]:
    found = set()
    for first, last in NAMED.findall(text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_ranges_are_understood() -> None:
    assert numbers("FS 3, FS 14 to FS 16 and FS 20 to 22; FI 7 (B5)") == {3, 14, 15, 16, 20, 21, 22}


@pytest.mark.parametrize("number", range(1, 25))
def test_each_of_the_twenty_four_is_held_by_a_test(number: int) -> None:
    assert any(number in numbers(text) for text in docstrings())
