"""Asks the portal of this machine whether it lives, under the name it answers to; exit 1 when not."""

import http.client
import os
import sys
from urllib.parse import urlsplit

SECONDS = 3


def status(path: str) -> int:
    base = urlsplit(os.environ.get("BASE_URL") or "http://127.0.0.1")
    portal = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=SECONDS)
    try:
        portal.request("GET", path, headers={"Host": base.netloc, "X-Forwarded-Proto": base.scheme})
        return portal.getresponse().status
    finally:
        portal.close()


if __name__ == "__main__":
    try:
        found = status(sys.argv[1] if len(sys.argv) > 1 else "/healthz")
    except OSError as error:
        sys.exit(f"no answer: {error}")
    sys.exit(0 if found == 200 else f"status {found}")
