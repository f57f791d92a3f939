"""`python -m tests.services chromium`: makes sure, before the browser tests, that there is a browser."""

import sys

from tests.services import Missing, find_chromium

if sys.argv[1:] != ["chromium"]:
    sys.exit(f"usage: python -m tests.services chromium, not {sys.argv[1:]}")
try:
    find_chromium()
except Missing as missing:
    sys.exit(str(missing))
