"""The caller's browser when the portal is a process of its own: what Django's test client says, over a socket."""

import json
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.status_code, self.headers, self.content = status, headers, content

    def __getitem__(self, header: str) -> str:
        return self.headers[header]

    def json(self) -> Any:
        return json.loads(self.content)


class Browser:
    """Keeps cookies and follows nothing by itself."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str, values: dict[str, str] | None = None) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(values)}" if values else path)

    def post(self, path: str, body: str, content_type: str) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": content_type})

    def _ask(self, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(address)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        connection = HTTPConnection(self.host, timeout=20)
        connection.request(method, target, body, {**(headers or {}), "Cookie": cookies})
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name == "Set-Cookie":
                self.cookies.load(value)
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer
