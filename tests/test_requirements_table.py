"""docs/exigences.md says where each requirement lives; what it points to exists and names the requirement."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.franceconnect.client import test_fs_requirements
from tests.franceconnect.test_fi_requirements import numbers

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "docs" / "exigences.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-Z]\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
OF_FRANCECONNECT = re.compile(r"^\| (FI|FS) (\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NUMBERS = {"FI": numbers, "FS": test_fs_requirements.numbers}
NAMED = re.compile(r"\b([A-Z])(\d{1,2})(?:(?: to |–|-)\1?(\d{1,2}))?\b")
BUILT = (
    "A02 A05 A08 B01-B30 C01-C13 D01-D10 E01-E06 F01-F03 F05-F07 F09 "
    "G01-G07 H01-H10 I01-I23 J01-J17 K01-K11 L01-L08 M01-M12 R1-R17 R20-R24"
)


def ids_in(text: str) -> set[str]:
    """« B05, B08 », « B15 to B21 » and « B01-B28 » alike; R1 and R01 are one."""
    found = set()
    for letter, first, last in NAMED.findall(text):
        found |= {f"{letter}{number:02d}" for number in range(int(first), int(last or first) + 1)}
    return found


ROWS = [(identifier, code.split(), tests.split()) for identifier, code, tests in ROW.findall(TABLE)]


FRANCECONNECT = [(side, int(number), tests.split()) for side, number, tests in OF_FRANCECONNECT.findall(TABLE)]


@cache
def named_in(path: str) -> set[str]:
    return ids_in((ROOT / path).read_text(encoding="utf-8"))


def test_ranges_are_understood():
    assert ids_in("(B05, B08 to B10, R3–R4)") == {"B05", "B08", "B09", "B10", "R03", "R04"}


def test_every_requirement_that_is_built_has_one_row():
    listed = [next(iter(ids_in(identifier))) for identifier, _, _ in ROWS]
    assert len(listed) == len(set(listed))
    assert set(listed) == ids_in(BUILT)


@pytest.mark.parametrize(("identifier", "code", "tests"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_points_to_what_exists_and_tests_that_name_it(identifier, code, tests):
    assert code
    assert tests
    for path in code:
        assert (ROOT / path.strip("`")).exists(), path
    for path in tests:
        test = path.strip("`")
        assert Path(test).name.startswith("test_"), test
        assert ids_in(identifier) <= named_in(test), f"{test} does not name {identifier}"


def test_what_franceconnect_demands_has_a_row_each():
    """Issues 3 and 4, « Done when »."""
    assert [number for side, number, _ in FRANCECONNECT if side == "FI"] == list(range(1, 31))
    assert [number for side, number, _ in FRANCECONNECT if side == "FS"] == list(range(1, 25))


@pytest.mark.parametrize(
    ("side", "number", "tests"), FRANCECONNECT, ids=[f"{side} {number}" for side, number, _ in FRANCECONNECT]
)
def test_a_row_of_franceconnect_s_points_to_a_test_that_says_so(side, number, tests):
    assert tests
    for path in tests:
        said = " ".join(said_in(path.strip("`")))
        assert number in NUMBERS[side](said), f"no test of {path} names {side} {number}"


def said_in(path: str) -> list[str]:
    """What its tests say of themselves; what the module promises above them does not count."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [ast.get_docstring(each) or "" for each in functions if each.name.startswith("test_")]
