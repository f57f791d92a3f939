"""Somebody on FranceConnect's pages: reads what is there, fills in the form that is there, presses its button."""

import secrets
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.simulator import CLIENT_ID, Simulator
from tests.stories.pages import Page

SCOPE = "openid identite_pivot preferred_username email"


class Visitor:
    """Begins at the choice of an account for « mon espace privé MSA », or for a service of the simulator's."""

    def __init__(self, simulator: Simulator, portal: str) -> None:
        self.browser, self.simulator = simulator.browser(), simulator
        self.portal = portal

    def arrive(self, *, scope: str = SCOPE, service: str = "", **parameters: str) -> Self:
        back = f"{self.simulator.url}/services/{service}/retour/" if service else f"{self.portal}/franceconnect/retour/"
        asked = {
            "client_id": f"demo-{service}" if service else CLIENT_ID, "redirect_uri": back, "response_type": "code",
            "acr_values": "eidas1", "scope": scope, "state": secrets.token_hex(32), "nonce": secrets.token_hex(32),
        }  # fmt: skip
        return self.visit(f"/api/v2/authorize?{urlencode({**asked, **parameters})}")

    def visit(self, path: str) -> Self:
        self.browser.visit(f"{self.simulator.url}{path}")
        return self

    def press(self, text: str, **fields: str) -> Self:
        form, button = next(
            (form, button)
            for form in self.page.forms
            for button in form.buttons
            if text in button.text and (not fields or set(fields) <= form.names)
        )
        values = {**form.values, **fields, **({button.name: button.value} if button.name else {})}
        action = form.action or urlsplit(self.browser.here).path
        if form.method == "get":
            return self.visit(f"{action}?{urlencode(values)}")
        self.browser.post(action, **values)
        return self

    def choose(self, provider: str, citizen: str) -> Self:
        """As far as « Bienvenue », or wherever FranceConnect stops."""
        return self.press(provider).press("Continuer", citizen=citizen)

    @property
    def page(self) -> Page:
        return Page(self.browser.response.text)

    @property
    def title(self) -> str:
        return self.page.headings[0]

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def status(self) -> int:
        return self.browser.response.status_code

    @property
    def buttons(self) -> list[str]:
        return [button.text for form in self.page.forms for button in form.buttons]

    @property
    def said(self) -> dict[str, str]:
        """What the service hears, once FranceConnect has let go."""
        assert self.browser.left_for, f"still at {self.browser.here}"
        return dict(parse_qsl(urlsplit(self.browser.left_for).query))
