"""Somebody whom a service sends to us and to whom we give them back."""

import re
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings

from tests.members import LAMY, OWN_PASSWORD
from tests.oidc.relying_party import RelyingParty, Sent, Tokens
from tests.stories.caller import FORM, Caller
from tests.stories.over_http import Browser
from tests.stories.pages import Page


class Visitor(Caller):
    """A caller who leaves our pages with the redirect to another site; `left_for` is where."""

    def __init__(self, address: str = "192.0.2.10", served_at: str = "") -> None:
        super().__init__(address)
        self.home = served_at or settings.BASE_URL
        if served_at:
            self.client = Browser(served_at)
        self.left_for = ""

    def visit(self, path: str) -> Self:
        there = urljoin(f"{self.home}/", path)
        return super().visit(self._target(there)) if self._is_ours(there) else self._leave(there)

    def _show(self, response: Any, path: str) -> Self:
        self.left_for = ""
        here = urljoin(f"{self.home}/", path)
        for _ in range(10):
            if response.status_code not in (301, 302, 303):
                break
            here = urljoin(here, response["Location"])
            if not self._is_ours(here):
                assert response.status_code in (302, 303), "a browser must come back with a GET, and never by memory"
                self.response = response
                return self._leave(here)
            response = self.client.get(self._target(here))
        return super()._show(response, self._target(here))

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.home}/", "http://testserver/"))

    def _leave(self, there: str) -> Self:
        self.page, self.left_for = Page(""), there
        return self

    def _target(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def bring(self, sent: Sent) -> Self:
        """Follow the link of a service."""
        return self.visit(sent.url)

    def sign_in(self, login: str = LAMY, password: str = OWN_PASSWORD) -> Self:
        """On the page that asks for it."""
        return self.press("Se connecter", login_id=login, password=password)

    def agree(self) -> Self:
        return self.press("Autoriser")

    def way(self, page: str = "") -> str:
        """The address of another page of the request whose page is shown."""
        found = re.match(r"/oidc/demande/[0-9a-f-]{36}/", self.path)
        assert found, f"{self.path} is no page of a request: {self.text[:400]}"
        return f"{found[0]}{page}"

    def send(self, path: str, **fields: str) -> Self:
        """A form that is not shown, as our own page would send it."""
        token = self.client.cookies[settings.CSRF_COOKIE_NAME].value
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        return self._show(self.client.post(path, body, content_type=FORM), path)


def whole_flow(
    party: RelyingParty, visitor: Visitor, *, login: str = LAMY, password: str = OWN_PASSWORD, **parameters: str | None
) -> Tokens:
    """From the service's link to its tokens, by way of whatever page stands between."""
    sent = party.request(**parameters)
    visitor.bring(sent)
    return party.redeem(party.code(sent, arrive(visitor, login=login, password=password)), sent)


def identity_of(party: RelyingParty, visitor: Visitor, **who: str) -> dict[str, Any]:
    """The whole flow, and what userinfo says at its end."""
    return party.identity(whole_flow(party, visitor, **who))


def new_code(party: RelyingParty, visitor: Visitor, **parameters: str | None) -> tuple[Sent, str]:
    """A request and the code that answers it, not exchanged yet."""
    sent = party.request(**parameters)
    return sent, party.code(sent, arrive(visitor.bring(sent)))


def arrive(visitor: Visitor, *, login: str = LAMY, password: str = OWN_PASSWORD) -> str:
    """Sign in if asked, agree if asked; the address of the callback."""
    if visitor.offers("Se connecter") and not visitor.left_for:
        visitor.sign_in(login, password)
    if visitor.offers("Autoriser") and not visitor.left_for:
        visitor.agree()
    assert visitor.left_for, f"still at {visitor.path}: {visitor.text[:1500]}"
    return visitor.left_for
