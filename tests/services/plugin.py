"""The pytest plugin: real PostgreSQL and Redis stand before Django reads its settings; workers inherit them."""

import os

import pytest

from tests.services.binaries import Missing
from tests.services.chromium import installed_chromium
from tests.services.environment import enter_test_mode, forget_services, redis_url_of_worker
from tests.services.postgresql import PostgresServer
from tests.services.redis import RedisServer

USED = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sqlite", action="store_true", help="run the tests marked sqlite without PostgreSQL or Redis")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config):
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        if url := os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = redis_url_of_worker(url, worker)
    else:
        enter_test_mode()
        early_config.stash[USED] = _services(early_config)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    if config.option.sqlite and not config.option.markexpr:
        config.option.markexpr = "sqlite"


def pytest_report_header(config: pytest.Config) -> str:
    return "services: " + ", ".join(config.stash.get(USED, []))


def _services(config: pytest.Config) -> list[str]:
    if config.known_args_namespace.sqlite:
        forget_services()
        used = ["SQLite", "local memory"]
    else:
        used = [_given_or_started("DATABASE_URL", PostgresServer), _given_or_started("REDIS_URL", RedisServer)]
    return [*used, f"Chromium {installed_chromium() or 'absent'}"]


def _given_or_started(variable: str, server_class: type[PostgresServer | RedisServer]) -> str:
    if os.environ.get(variable):
        return f"{variable} as given"
    try:
        server = server_class().start()  # closes itself when this process ends, whatever way it ends
    except Missing as missing:
        raise pytest.UsageError(str(missing)) from missing
    os.environ[variable] = server.url
    return server.description
