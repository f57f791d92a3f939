"""PostgreSQL, Redis and Chromium for the tests and the benchmarks: found or installed, started and ended here."""

from tests.services.binaries import Missing
from tests.services.chromium import find_chromium
from tests.services.environment import enter_test_mode, forget_services
from tests.services.postgresql import PostgresServer
from tests.services.redis import RedisServer

__all__ = ["Missing", "PostgresServer", "RedisServer", "enter_test_mode", "find_chromium", "forget_services"]
