"""Requests as bytes, straight to the portal's WSGI application: whatever a stranger can send, and what came back."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.headers import Headers

from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections

from msa_portal.handler import Handler


@dataclass(frozen=True)
class Response:
    """The status, the headers and the body."""

    status: int
    headers: Headers
    body: bytes


class Wire:
    """One application for many requests; an exception that would be a 500 is raised where it was provoked."""

    def __init__(self) -> None:
        self.application = Handler()

    def send(
        self, method: str, path: str, *, query: bytes = b"", body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        given: dict[str, Any] = {}
        raised: list[BaseException] = []

        def start_response(status: str, answered: list[tuple[str, str]], _error: Any = None) -> None:
            given.update(status=int(status.split()[0]), headers=Headers(answered))

        def remember(**signal: Any) -> None:
            raised.append(sys.exception() or RuntimeError("unknown"))

        got_request_exception.connect(remember)
        # The test's transaction lives in this connection.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            response = self.application(self._environ(method, path, query, body, headers or {}), start_response)
            content = b"".join(response)
            response.close()
        finally:
            got_request_exception.disconnect(remember)
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        if raised:
            raise AssertionError(f"{method} {path}?{query!r} {body!r} {headers}") from raised[0]
        assert given["status"] < 500, f"{method} {path}?{query!r} {body!r} {headers}"
        return Response(given["status"], given["headers"], content)

    def _environ(self, method: str, path: str, query: bytes, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            # As every server passes it on: one character for each byte (PEP 3333).
            "QUERY_STRING": query.decode("latin-1"),
            "CONTENT_TYPE": headers.get("Content-Type", "application/x-www-form-urlencoded" if body else ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "203.0.113.9",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
