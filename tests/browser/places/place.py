"""A page of the portal and how somebody comes to stand there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import BrowserContext, Error, Page

from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.states import Cookies, Kept, enrolment_at, registering, signed_in

Then = Callable[[Page], None]


@dataclass(frozen=True)
class Visit:
    """An address, and with which cookies it is opened."""

    path: str
    cookies: Cookies


@dataclass(frozen=True)
class Place:
    """A page as it is looked at; `then` is what somebody does there first."""

    name: str
    reach: Callable[[], Visit]
    then: Then | None = None


def go(place: Place, context: BrowserContext, page: Page, origin: str) -> None:
    """Stand at this place."""
    visit = place.reach()
    carry(context, origin, visit.cookies)
    try:
        page.goto(visit.path)
        if place.then:
            place.then(page)
    except Error as error:
        raise AssertionError(f"{place.name} cannot be reached: {error}") from error


def at(path: str, cookies: Callable[[], Cookies] = dict) -> Callable[[], Visit]:
    return lambda: Visit(path, cookies())


def step(slug: str, who: str = "lamy", **answers: Kept) -> Callable[[], Visit]:
    given = {name.replace("_", "-"): kept for name, kept in answers.items()}
    return at(f"/inscription/{slug}/", lambda: registering(enrolment_at(slug, who, given)))


def ended(make: Callable) -> Callable[[], Visit]:
    return at("/inscription/terminee/", lambda: registering(make()))


def inside(path: str, who: str = "garcin") -> Callable[[], Visit]:
    return at(path, lambda: signed_in(states.account_of(who)))


def fill(values: dict[str, str], button: str) -> Then:
    """Type these values by the names of the fields, press the button, and see what the page says."""

    def do(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(value)
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()

    return do


def follow(link: str) -> Then:
    def do(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("link", name=link).first.click()

    return do


NEXT = partial(fill, button="Suivant")


def two_passwords(first: str, second: str, button: str) -> Then:
    return fill({"new_password1": first, "new_password2": second}, button)
