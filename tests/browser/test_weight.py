"""How much a page weighs at its first load, whom it asks, and whether it stays still (R22)."""

import gzip

import pytest
from playwright.sync_api import Page, Response

from tests.browser.chromium import PHONE
from tests.browser.conftest import NewWindow
from tests.browser.places import PLACES
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
HEAVIEST = 50_000
SHIFT = 0.01
WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => { if (!each.hadRecentInput) shifted += each.value; }))
  .observe({type: "layout-shift", buffered: true});"""
SETTLED = "() => new Promise(done => setTimeout(() => requestAnimationFrame(() => done(window.shifted)), 120))"


class Scale:
    """Weighs what a page loads, compressed as the server in front of the portal would."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        # A redirect has no body, and is sometimes told of after the page it led to.
        page.on("response", lambda response: None if 300 <= response.status < 400 else self.responses.append(response))

    def weigh(self, page: Page) -> dict[str, int]:
        """The last page and its parts, by address."""
        last = max(at for at, each in enumerate(self.responses) if each.request.is_navigation_request())
        return {each.url: len(gzip.compress(each.body(), 6)) for each in self.responses[last:]}

    def clear(self) -> None:
        self.responses.clear()


def test_every_page_is_light_asks_nobody_else_and_stays_still(portal: str, new_window: NewWindow) -> None:
    """R22: under 50 kB at first load, no request leaves the origin (held by the window), nothing moves by itself."""
    context, page, _faults = new_window(width=PHONE)
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.add_init_script(WATCH_SHIFTS)
    visitor, scale, faults = Visitor(portal, context, page), Scale(page), []
    for place in PLACES:
        scale.clear()
        visitor.go(place)
        shift = page.evaluate(SETTLED)
        weights = scale.weigh(page)
        if sum(weights.values()) >= HEAVIEST:
            faults.append(f"{place.name} weighs {sum(weights.values())}: {weights}")
        if shift >= SHIFT:
            faults.append(f"{place.name} moves by {shift:.3f}")
        assert any(url.endswith("msa.css") for url in weights), f"{place.name} was not loaded afresh"
    assert not faults, "\n".join(faults)
