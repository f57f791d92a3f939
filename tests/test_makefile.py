"""The commands that people rely on, as `make` announces them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def announced() -> str:
    return subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("command", ["run", "test", "check", "bench", "screenshots", "help"])
def test_the_command_is_announced_with_what_it_does(announced, command):
    commands = dict(line.removeprefix("make ").split(maxsplit=1) for line in announced.splitlines())
    assert commands[command]


def test_the_tests_have_three_legs():
    planned = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert '-m "not browser"' in planned
    assert "--sqlite" in planned
    assert "-m browser" in planned


def test_the_gate_checks_and_tests():
    gate = (ROOT / ".ci" / "run").read_text().splitlines()
    assert gate.index("make check") < gate.index("make test")
