"""How much a page weighs at its first load, whom it asks, and whether it stays still (R22)."""

import pytest

from tests.browser.chromium import PHONE
from tests.browser.conftest import NewWindow
from tests.browser.places import PLACES
from tests.browser.scale import WATCH_SHIFTS, Scale
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_every_page_is_light_asks_nobody_else_and_stays_still(portal: str, new_window: NewWindow) -> None:
    """R22: under 50 kB at first load, no request leaves the origin (held by the window), nothing moves by itself."""
    context, page, _faults = new_window(width=PHONE)
    page.add_init_script(WATCH_SHIFTS)
    visitor, scale, faults = Visitor(portal, context, page), Scale(page), []
    for place in PLACES:
        visitor.go(place)
        faults += [f"{place.name} {each}" for each in scale.faults()]
    assert not faults, "\n".join(faults)
