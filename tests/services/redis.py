"""A throw-away Redis on a socket of its own, that keeps nothing."""

import subprocess
from pathlib import Path

import redis

from tests.services.binaries import find_or_install, in_wheel, on_path, reachable_by_nobody
from tests.services.server import Server

ADVICE = "Redis was not found. Install it (Debian: apt-get install redis-server) or give REDIS_URL."
DATABASES = 64  # one for each pytest worker


def installed_redis() -> Path | None:
    return on_path("redis-server", "valkey-server") or in_wheel("redis", "redis-server")


def find_redis() -> Path:
    return find_or_install(find=installed_redis, wheel="redis", packages=["redis-server"], advice=ADVICE)


class RedisServer(Server):
    """Redis in memory only."""

    def __init__(self) -> None:
        super().__init__()
        self.program = find_redis()

    @property
    def url(self) -> str:
        return f"unix://{self.directory}/redis.sock?db=0"

    @property
    def description(self) -> str:
        version = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        number = next(word for word in version.stdout.split() if word.startswith("v="))
        return f"Redis {number.removeprefix('v=')} ({self.program})"

    def prepare(self) -> None:
        self.program = reachable_by_nobody(self.program, name="redis", refuge=self.directory)

    def command(self) -> list[str]:
        address = ["--port", "0", "--unixsocket", f"{self.directory}/redis.sock", "--unixsocketperm", "700"]
        memory_only = ["--save", "", "--appendonly", "no", "--databases", str(DATABASES)]
        return [str(self.program), *address, *memory_only]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return client.ping()
        except redis.ConnectionError:
            return False
