"""Reads a page as a person does: its headings, its links, its forms and their buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


def squeezed(text: str) -> str:
    """One space between words, whatever kind of space the page uses."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


@dataclass
class Button:
    """What can be pressed."""

    text: str = ""
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """A form as it stands in the page, with the values it would send."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[Button] = field(default_factory=list)


class Page(HTMLParser):
    """One page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.headings: list[str] = []
        # name of the field → what the page says of it
        self.errors: dict[str, str] = {}
        self._error: tuple[str, int] | None = None
        self._select = self._area = ""
        self._text: list[str] = []
        self._open: list[tuple[str, int]] = []
        self._href = ""
        self._silent = 0
        self.feed(html)

    @property
    def text(self) -> str:
        return squeezed(" ".join(self._text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title"):
            self._silent += 1
        if tag in ("a", "button", "h1", "h2", "textarea", "option"):
            self._open.append((tag, len(self._text)))
        if tag == "a":
            self._href = given.get("href", "")
        if tag == "div" and given.get("id", "").endswith("_error"):
            self._error = (given["id"].removeprefix("id_").removesuffix("_error"), len(self._text))
        if tag == "option" and "selected" in given and self.forms:
            self.forms[-1].values[self._select] = given.get("value", "")
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        if tag == "button" and self.forms:
            self.forms[-1].buttons.append(Button(name=given.get("name", ""), value=given.get("value", "")))
        if tag in ("input", "select", "textarea") and self.forms and given.get("name"):
            self._take_field(tag, given)

    def _take_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        if given.get("type") == "submit":
            form.buttons.append(Button(squeezed(given.get("value", "")), name, given.get("value", "")))
            return
        form.names.add(name)
        self._select = name if tag == "select" else self._select
        self._area = name if tag == "textarea" else ""
        if given.get("type") in ("radio", "checkbox") and "checked" not in given:
            return
        if tag == "input":
            # What a box that was ticked sends when its page does not say (HTML, 4.10.5.1.15).
            form.values[name] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "title"):
            self._silent -= 1
        if tag == "div" and self._error:
            name, start = self._error
            self.errors[name] = squeezed(" ".join(self._text[start:])).removeprefix("À corriger : ")
            self._error = None
        if not self._open or self._open[-1][0] != tag:
            return
        _, start = self._open.pop()
        if tag == "textarea" and self._area and self.forms:
            self.forms[-1].values[self._area] = "".join(self._text[start:]).removeprefix("\n")
        text = squeezed(" ".join(self._text[start:]))
        if tag == "a":
            self.links.append((text, self._href))
        elif tag in ("h1", "h2"):
            self.headings.append(text)
        elif tag == "button" and self.forms and self.forms[-1].buttons:
            self.forms[-1].buttons[-1].text = text

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)
