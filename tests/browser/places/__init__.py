"""Every page of the portal, by name, and how to come to it: the one list for axe, weight and pictures."""

from tests.browser.places.by_franceconnect import by_franceconnect
from tests.browser.places.companies import companies
from tests.browser.places.connected import connected
from tests.browser.places.demonstration import demonstration
from tests.browser.places.departments import departments
from tests.browser.places.desk import desk
from tests.browser.places.desk_door import desk_door
from tests.browser.places.desk_pages import desk_pages
from tests.browser.places.doors import doors
from tests.browser.places.duties import duties
from tests.browser.places.explained import explained
from tests.browser.places.on_the_way import on_the_way
from tests.browser.places.place import Place, go
from tests.browser.places.private import private
from tests.browser.places.public import public
from tests.browser.places.registration import registration
from tests.browser.places.self_check import self_check
from tests.browser.places.verified import verified

PLACES: tuple[Place, ...] = (
    *public(),
    *registration(),
    *doors(),
    *duties(),
    *private(),
    *companies(),
    *departments(),
    *explained(),
    *by_franceconnect(),
    *self_check(),
    *connected(),
    *on_the_way(),
    *verified(),
    *demonstration(),
)

# The support desk's, under a style sheet of its own; their day is the demonstration's.
DESK: tuple[Place, ...] = (*desk_door(), *desk(), *desk_pages())

__all__ = ["DESK", "PLACES", "Place", "go"]
