"""A caller who goes from the portal to FranceConnect and to its services: one browser, several sites on one machine."""

from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from tests.stories.caller import Caller
from tests.stories.over_http import Answer, Browser


class Wanderer(Caller):
    """Follows every redirect, wherever it leads; `address` is the whole address of the page that is shown."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self.client = Sites(start)
        self.trail: list[str] = []

    @property
    def address(self) -> str:
        return self.client.here

    def _show(self, response: Any, path: str) -> Self:
        """`trail` holds the addresses between the last page and this one."""
        self.trail = [self.address]
        while response.status_code in (301, 302, 303):
            assert len(self.trail) < 12, f"goes round and round: {self.trail}"
            response = self.client.get(response["Location"])
            self.trail.append(self.address)
        self.response, self.path = response, urlsplit(self.address).path
        self.page = self.page.__class__(response.content.decode())
        return self

    def goes_on(self) -> Self:
        """A page that leads on by itself has a button that says so, for whoever waits in vain."""
        return self.press("Continuer")


class Sites(Browser):
    """An address without a host is on the site of the page before. Cookies know no ports: all sites share this host."""

    def __init__(self, start: str) -> None:
        super().__init__(start)
        self.here = start

    def _ask(self, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        self.here = urljoin(self.here, address)
        self.host = urlsplit(self.here).netloc
        return super()._ask(method, self.here, body, headers)
