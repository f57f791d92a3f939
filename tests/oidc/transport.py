"""How a relying party reaches the provider behind the browser's back: inside this process, or over a socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from django.test import Client

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()

    def json(self) -> Any:
        assert self.media_type == "application/json", f"{self.status} {self.headers.get('content-type')}: {self.body!r}"
        return json.loads(self.body)


class BackChannel(Protocol):
    """Calls without cookies, that follow nothing."""

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer: ...

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer: ...


class InProcess:
    """Through Django's test client. An exception of ours is not an answer: it ends the test."""

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._answer(self._client().get(url, headers=dict(headers or {})))

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        sent = self._client().post(url, urlencode(form), content_type=FORM, headers=dict(headers or {}))
        return self._answer(sent)

    def _client(self) -> Client:
        return Client(REMOTE_ADDR="203.0.113.7", enforce_csrf_checks=True)

    def _answer(self, response: Any) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.content)


class OverHTTP:
    """Over a connection of its own for each call, as a service in another town."""

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", url, None, headers or {})

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("POST", url, urlencode(form), {"Content-Type": FORM, **(headers or {})})

    def _ask(self, method: str, url: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=6)  # FranceConnect waits no longer (FI 23)
        try:
            connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()
