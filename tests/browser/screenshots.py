"""`make screenshots`: prepares a demonstration in a folder that is thrown away, then lets `pictures` look at it."""

import os
import runpy
import tempfile

import django

FOREIGN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "MSA_MODE")


def take() -> None:
    with tempfile.TemporaryDirectory(prefix="msa-screenshots-") as folder:
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "msa_portal.settings", "LOG_LEVEL": "CRITICAL"}
        os.environ |= {"ARGON2_MEMORY_COST": "8", "ARGON2_TIME_COST": "1"}
        django.setup()
        # The models can be imported from here on.
        runpy.run_module("tests.browser.pictures", run_name="__main__")


if __name__ == "__main__":
    take()
