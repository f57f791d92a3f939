"""The browser: Debian's Chromium, silent towards the outside, and what went wrong in its pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.services.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-quic",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESKTOP = 360, 1280
HEIGHTS = {PHONE: 740, DESKTOP: 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser. Playwright runs a loop in this thread, which Django takes for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Faults:
    """What no page of ours may do: fail in script, break its own policy, ask another origin for anything."""

    origin: str
    seen: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("weberror", lambda error: self.seen.append(f"script: {error.error}"))
        context.on("request", self.request)

    def console(self, message: ConsoleMessage) -> None:
        # The status of a page that refuses is meant; what its parts answer shows in `request`.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"{message.page.url if message.page else ''}: {message.text}")

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.seen.append(f"asks {request.url}")


Window = tuple[BrowserContext, Page, Faults]


def window(browser: Browser, origin: str, *, width: int = DESKTOP, **options: Any) -> Window:
    """A fresh browser profile with one page."""
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        **options,
    )
    context.set_default_timeout(10_000)
    faults = Faults(origin)
    faults.watch(context)
    return context, context.new_page(), faults


def carry(context: BrowserContext, origin: str, cookies: dict[str, str]) -> None:
    """These cookies and no others."""
    context.clear_cookies()
    if cookies:
        context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in cookies.items()])
