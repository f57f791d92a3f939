"""The Chromium that the browser tests drive."""

import os
from pathlib import Path

from tests.services.binaries import find_or_install, on_path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "Chromium was not found. Install it (Debian: apt-get install chromium) or set CHROMIUM to the program."


def installed_chromium() -> Path | None:
    chosen = os.environ.get("CHROMIUM")
    return on_path(chosen) if chosen else on_path(*NAMES)


def find_chromium() -> str:
    """The path of a Chromium, installed with apt-get when there is none and we are root; else Missing."""
    packages = ["chromium", "fonts-dejavu-core"]
    return str(find_or_install(find=installed_chromium, wheel=None, packages=packages, advice=ADVICE))
