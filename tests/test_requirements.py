"""The pinned requirement files: complete, hashed, and free of any address or path of one machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = ["requirements.txt", "requirements-dev.txt", "tests/services/postgresql.txt", "tests/services/redis.txt"]


def _entries(name: str) -> list[str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", "").splitlines()


@pytest.mark.parametrize("name", FILES)
def test_every_library_is_pinned_and_hashed(name):
    entries = _entries(name)
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[\w.]+( ;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+$", entry), entry


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_asked_for_is_what_is_pinned(name):
    pinned = {entry.split("==")[0]: entry.split()[0] for entry in _entries(name)}
    for line in (ROOT / name).with_suffix(".in").read_text().split():
        if "==" in line:
            asked = re.sub(r"\[.*\]", "", line)
            assert pinned[asked.split("==")[0]] == asked


def test_both_files_pin_the_same_version_of_what_they_share():
    runtime, tools = ({e.split("==")[0]: e.split()[0] for e in _entries(name)} for name in FILES[:2])
    shared = runtime.keys() & tools.keys()
    assert "django" in shared
    assert {name: runtime[name] for name in shared} == {name: tools[name] for name in shared}
