"""Somebody at a browser: visits pages, fills in the form that is there, presses the button that is there."""

from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import outbox
from tests.stories.pages import Button, Form, Page

FORM = "application/x-www-form-urlencoded"


class Caller:
    """A browser without script. Every answer is a page of ours; a 500 is a failure of the story."""

    def __init__(self, address: str = "192.0.2.10") -> None:
        self.client = Client(REMOTE_ADDR=address, enforce_csrf_checks=True)
        self.response: Any = None
        self.path = "/"
        self.page = Page("")

    def visit(self, path: str) -> Self:
        return self._show(self.client.get(path), path)

    def _show(self, response: Any, path: str) -> Self:
        for _ in range(10):
            if response.status_code not in (301, 302, 303):
                break
            path = urljoin(path, response["Location"])
            response = self.client.get(path)
        assert response.status_code < 500, f"{path} answers {response.status_code}"
        self.response, self.path = response, urlsplit(path).path
        self.page = Page(response.content.decode())
        return self

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def title(self) -> str:
        return self.page.headings[0] if self.page.headings else ""

    def press(self, text: str, /, **fields: str) -> Self:
        """Fill in the form that has this button, and press it."""
        form, button = self._button(text)
        unknown = set(fields) - form.names
        assert not unknown, f"{self.path} has no field {unknown}, only {form.names}"
        values = {**form.values, **fields}
        if button.name:
            values[button.name] = button.value
        action = urljoin(self.path, form.action or self.path)
        if form.method == "get":
            return self._show(self.client.get(action, values), action)
        return self._show(self.client.post(action, urlencode(values), content_type=FORM), action)

    def offers(self, text: str) -> bool:
        """Whether a link or a button says this."""
        shown = [shown for shown, _ in self.page.links] + [b.text for form in self.page.forms for b in form.buttons]
        return any(text in each for each in shown)

    def _button(self, text: str) -> tuple[Form, Button]:
        for form in self.page.forms:
            for button in form.buttons:
                if text in button.text:
                    return form, button
        raise AssertionError(f"{self.path} has no button « {text} »: {self.text[:600]}")

    def follow(self, text: str) -> Self:
        """Follow the link of this text."""
        for shown, href in self.page.links:
            if text in shown:
                return self.visit(urljoin(self.path, href))
        raise AssertionError(f"{self.path} has no link « {text} »: {[shown for shown, _ in self.page.links]}")

    def sees(self, *texts: str) -> Self:
        for text in texts:
            assert text in self.text, f"{self.path} does not say « {text} »: {self.text[:1500]}"
        return self

    def does_not_see(self, *texts: str) -> Self:
        for text in texts:
            assert text not in self.text, f"{self.path} says « {text} »"
        return self


def last_mail_to(address: str) -> str:
    """The text of the newest mail that this mailbox received."""
    # What is put off until its turn comes may write an e-mail in its turn (D09).
    while outbox.sweep(now=timezone.now()):
        pass
    outbox.sweep(now=timezone.now())
    found = [message for message in mail.outbox if address in message.to]
    assert found, f"no mail to {address}, only {[message.to for message in mail.outbox]}"
    return str(found[-1].body)
