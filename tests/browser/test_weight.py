"""How much a page weighs at its first load, whom it asks, and whether it stays still (R22)."""

import gzip

import pytest

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
# What the page itself says it needed, from the network or from the browser's memory alike.
PARTS = "() => [...new Set(performance.getEntriesByType('resource').map(each => each.name))]"


class Scale:
    """Weighs a page and its parts, compressed as the server in front of the portal would."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.parts: dict[str, int] = {}

    def weigh(self) -> dict[str, int]:
        """The page the visitor stands at and its parts, by address."""
        page = self.visitor.page
        needed = {url: self._part(url) for url in page.evaluate(PARTS)}
        return {page.url: _compressed(page.content().encode()), **needed}

    def _part(self, url: str) -> int:
        if url not in self.parts:
            answer = self.visitor.context.request.get(url)
            assert answer.ok, f"{url} answers {answer.status}"
            self.parts[url] = _compressed(answer.body())
        return self.parts[url]


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def test_every_page_is_light_asks_nobody_else_and_stays_still(portal: str, new_window: NewWindow) -> None:
    """R22: under 50 kB at first load, no request leaves the origin (held by the window), nothing moves by itself."""
    context, page, _faults = new_window(width=PHONE)
    page.add_init_script(WATCH_SHIFTS)
    visitor, faults = Visitor(portal, context, page), []
    scale = Scale(visitor)
    for place in PLACES:
        visitor.go(place)
        shift = page.evaluate(SETTLED)
        weights = scale.weigh()
        assert any(url.endswith("msa.css") for url in weights), f"{place.name} names no style sheet: {weights}"
        if sum(weights.values()) >= HEAVIEST:
            faults.append(f"{place.name} weighs {sum(weights.values())}: {weights}")
        if shift >= SHIFT:
            faults.append(f"{place.name} moves by {shift:.3f}")
    assert not faults, "\n".join(faults)
