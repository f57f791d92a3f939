"""Servers and workers stop in an unsafe production; commands that run checks are not the only door (R20)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
UNSAFE = {
    "MSA_MODE": "production",
    "SECRET_KEY": "abc",
    "NIR_KEYS": f"k1:{KEY}",
    "NIR_INDEX_KEY": KEY,
    "DATABASE_URL": "sqlite:////tmp/none.sqlite3",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "BASE_URL": "http://msa.example",
}
CELERY = ["-m", "celery", "-A", "msa_portal"]


@pytest.mark.parametrize(
    "starting",
    [["-c", "import msa_portal.wsgi"], [*CELERY, "worker", "--pool=solo"], [*CELERY, "beat"]],
    ids=["server", "worker", "beat"],
)
def test_an_unsafe_production_does_not_start(starting, tmp_path):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, *starting],
        cwd=tmp_path,
        env=kept | UNSAFE | {"DJANGO_SETTINGS_MODULE": "msa_portal.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode
    for code in ("msa.E001", "msa.E002", "msa.E003", "msa.E004"):
        assert code in done.stdout + done.stderr
