"""Migrates the database, says again what each role may do, and makes the first keys that sign tokens.

`DATABASE_URL=…msa_owner… python deploy/migrate.py`
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, transaction

HERE = Path(__file__).resolve().parent
GRANTS = HERE / "postgresql" / "grants.sql"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msa_portal.settings")
    sys.path.insert(0, str(HERE.parent))
    django.setup()
    call_command("migrate", interactive=False)
    grant()
    # The provider cannot sign before it has keys; once it has some this changes nothing.
    call_command("rotate_oidc_key", ensure=True)
    print("Each role has its rights.")


def grant() -> None:
    """One transaction: no role is for a moment with more or less than it should have."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GRANTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
