"""Impossible where members are real (F 6)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from msa_portal.environment import PRODUCTION_VARIABLES

ROOT = Path(__file__).resolve().parents[3]
SECRETS = {"FRANCECONNECT_CLIENT_SECRET": "x" * 40, "SIMULATOR_CLIENT_SECRET": "y" * 40}


def load(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **SECRETS, **variables}
    command = [sys.executable, "-c", "import franceconnect.simulator.wsgi"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("variable", [*PRODUCTION_VARIABLES, "MSA_MODE"])
def test_any_variable_of_production_stops_the_start(tmp_path, variable):
    done = load(tmp_path, **{variable: "production" if variable == "MSA_MODE" else "anything"})
    assert done.returncode != 0
    assert "does not start where members are real" in done.stderr


def test_elsewhere_it_starts(tmp_path):
    assert load(tmp_path).returncode == 0
