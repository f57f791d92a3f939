"""Somebody who can stand at any place of the catalogue."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from tests.browser.chromium import HEIGHTS
from tests.browser.places import Place, go


@dataclass(frozen=True)
class Visitor:
    """A window and the portal it looks at."""

    portal: str
    context: BrowserContext
    page: Page

    def go(self, place: Place) -> None:
        go(place, self.context, self.page, self.portal)

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
