"""How much a page weighs at its first load, and whether it stays still (R22)."""

import gzip

from playwright.sync_api import Page

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

    def __init__(self, page: Page) -> None:
        self.page = page
        self.parts: dict[str, int] = {}

    def weigh(self) -> dict[str, int]:
        """The page that is open and its parts, by address."""
        needed = {url: self._part(url) for url in self.page.evaluate(PARTS)}
        return {self.page.url: _compressed(self.page.content().encode()), **needed}

    def _part(self, url: str) -> int:
        if url not in self.parts:
            answer = self.page.context.request.get(url)
            assert answer.ok, f"{url} answers {answer.status}"
            self.parts[url] = _compressed(answer.body())
        return self.parts[url]

    def faults(self) -> list[str]:
        """Of the page that is open, which was opened by a window that watches shifts."""
        shift, weights = self.page.evaluate(SETTLED), self.weigh()
        found = [] if any(url.endswith(".css") for url in weights) else [f"names no style sheet: {weights}"]
        found += [f"weighs {sum(weights.values())}: {weights}"] if sum(weights.values()) >= HEAVIEST else []
        return [*found, f"moves by {shift:.3f}"] if shift >= SHIFT else found


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
