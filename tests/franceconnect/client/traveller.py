"""Somebody at a browser that goes to FranceConnect and back, page by page, as the portal sends it."""

import re
from html import unescape
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from tests.simulator import Simulator
from tests.stories.caller import Caller
from tests.stories.pages import Page
from tests.stories.signing_in import sign_in

START = "/franceconnect/connexion/"
# FranceConnect says « Vous vous déconnectez » before it goes on.
REFRESH = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')


class Traveller(Caller):
    """A caller whose redirects to FranceConnect are followed there, as one citizen, and back here."""

    def __init__(self, simulator: Simulator, citizen: str = "lamy", address: str = "192.0.2.10") -> None:
        super().__init__(address)
        self.simulator, self.citizen = simulator, citizen
        self.hub = simulator.browser()
        self.went: list[str] = []

    def _show(self, response: Any, path: str) -> Self:
        for _ in range(12):
            if response.status_code not in (301, 302, 303):
                break
            path = urljoin(path, response["Location"])
            if path.startswith(f"{self.simulator.url}/"):
                self.went.append(path)
                path = self.back_from(path)
            response = self.client.get(local(path))
        assert response.status_code < 500, f"{path} answers {response.status_code}"
        self.response, self.path = response, urlsplit(path).path
        self.page = Page(response.content.decode())
        return self

    def back_from(self, address: str) -> str:
        """Where FranceConnect sends the browser to."""
        if "/session/end" not in address:
            return self.hub.walk(address, citizen=self.citizen)
        self.hub.visit(address)
        if refresh := REFRESH.search(self.hub.response.text if not self.hub.left_for else ""):
            self.hub.visit(unescape(refresh[1]))
        assert self.hub.left_for, self.hub.response.text
        return self.hub.left_for

    def arrive(self, suite: str = "") -> Self:
        """« S'identifier avec FranceConnect », and back."""
        return self.visit(f"{START}?suite={suite}" if suite else START)

    def sign_in_here(self, **known: str) -> Self:
        """With number and password."""
        sign_in(self, **known)
        return self

    @property
    def is_in(self) -> bool:
        """Whether Mon compte opens."""
        return self.client.get("/mon-compte/").status_code == 200


def local(address: str) -> str:
    """The same without the host, which the test client has its own word for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
