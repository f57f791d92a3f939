"""The environment of a test: fixed secrets that protect nothing, and each worker's own corner of Redis."""

import base64
import os
from urllib.parse import urlsplit

SECRETS = {
    "MSA_MODE": "test",
    "SECRET_KEY": "for tests only: it signs nothing that anybody keeps",
    "NIR_KEYS": f"test:{base64.b64encode(b'k' * 32).decode()}",
    "NIR_INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
}
# What a developer's shell may hold and must not change a test.
FOREIGN = ("EMAIL_URL", "BASE_URL", "PORT", "SIMULATOR_PORT")


def enter_test_mode() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(SECRETS)


def forget_services() -> None:
    """Back to what a bare machine has: SQLite and local memory."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)


def redis_url_of_worker(url: str, worker: str) -> str:
    """The same server, another database: gw0 has number 1, as number 0 is for runs without workers."""
    number = int(worker.removeprefix("gw")) + 1
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()
