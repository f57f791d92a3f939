"""A real browser against the real portal; what goes wrong in a page's console fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page

from msa_portal.demo.seeding import seed
from tests.browser.chromium import DESKTOP, Faults, Window, chromium, window
from tests.browser.visitor import Visitor
from tests.simulator import Simulator

NewWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def portal(settings: Any, tmp_path: Path, live_server: Any) -> str:
    """The address of a portal that knows the personas and is as fresh as each test finds it."""
    settings.VAR_DIR = tmp_path
    settings.ROOT_URLCONF = "tests.browser.urls"
    # Offered on every page that offers it; a test that goes there has the simulator answer.
    settings.FRANCECONNECT_ISSUER = settings.FRANCECONNECT_ISSUER or "https://franceconnect.example/api/v2"
    cache.clear()
    seed(now=timezone.now())
    return str(live_server.url)


@pytest.fixture
def new_window(browser: Browser, portal: str) -> Iterator[NewWindow]:
    """Opens browser profiles of any width, with or without script; none may have failed at the end."""
    opened: list[Window] = []

    def make(*, width: int = DESKTOP, **options: Any) -> Window:
        opened.append(window(browser, portal, width=width, **options))
        return opened[-1]

    yield make
    for context, _page, _faults in opened:
        context.close()
    assert not [fault for _context, _page, faults in opened for fault in faults.seen]


@pytest.fixture
def page(new_window: NewWindow) -> Page:
    """A window on a desktop."""
    return new_window()[1]


@pytest.fixture
def visitor(portal: str, new_window: NewWindow) -> Visitor:
    """Somebody who can stand at any place of the catalogue, in a window on a desktop."""
    context, opened, _faults = new_window()
    return Visitor(portal, context, opened)


@pytest.fixture
def at_a_desktop(browser: Browser, portal: str, simulator: Simulator, settings: Any) -> Iterator[Page]:
    """One window with script, which may be led to FranceConnect and to nowhere else."""
    settings.BASE_URL = portal
    simulator.turn(portal_url=portal)
    context, page, faults = window(browser, portal)
    yield page
    context.close()
    assert [fault for fault in faults.seen if not fault.startswith(f"asks {simulator.url}/")] == []


@pytest.fixture(params=["with script", "without script"])
def either_page(request: pytest.FixtureRequest, new_window: NewWindow) -> Page:
    """The same story twice: the portal needs no script (R22)."""
    return new_window(java_script_enabled=request.param == "with script")[1]


__all__ = ["Faults"]
