"""One request to the portal within this process, and what it cost: time, processor, SQL statements, bytes."""

import io
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.wsgi import get_wsgi_application
from django.db import connection

from tests.stories.pages import Button, Form, Page

MILLION = 1_000_000


@dataclass(frozen=True)
class Cost:
    """Milliseconds, statements and bytes of one request; `database_ms` is what PostgreSQL's own process ran."""

    method: str
    path: str
    status: int
    location: str
    html: str
    wall_ms: float
    portal_ms: float
    database_ms: float
    statements: tuple[str, ...]

    @property
    def cpu_ms(self) -> float:
        return self.portal_ms + self.database_ms


@dataclass
class Visitor:
    """A browser without script that follows no redirect by itself: each request is one cost."""

    address: str = "192.0.2.77"
    cookies: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    page: Page = field(default_factory=lambda: Page(""))

    def __post_init__(self) -> None:
        self.portal = get_wsgi_application()

    def visit(self, path: str) -> Cost:
        return self._ask("GET", path, b"")

    def press(self, text: str, **fields: str) -> Cost:
        """The form that has this button, filled in and sent."""
        form, button = self._button(text)
        values = {**form.values, **fields, **({button.name: button.value} if button.name else {})}
        return self._ask("POST", urljoin(self.path, form.action or self.path), urlencode(values).encode())

    def _button(self, text: str) -> tuple[Form, Button]:
        for form in self.page.forms:
            for button in form.buttons:
                if text in button.text and form.method == "post":
                    return form, button
        raise LookupError(f"{self.path} has no button « {text} »: {self.page.text[:400]}")

    def _ask(self, method: str, path: str, body: bytes) -> Cost:
        cost = measured(self.portal, self._environ(method, path, body), self.cookies)
        if cost.status == 200:
            self.path, self.page = urlsplit(path).path, Page(cost.html)
        return cost

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        parts = urlsplit(path)
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.address,
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def measured(portal: Any, environ: dict[str, Any], cookies: dict[str, str]) -> Cost:
    """Run one request; cookies that it sets go into `cookies`."""
    statements: list[str] = []
    answer: dict[str, Any] = {}

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        answer.update(status=int(status.split()[0]), headers=headers)

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else 0
    with connection.execute_wrapper(noted):
        database, portal_cpu, wall = on_processor_ns(backend), time.process_time_ns(), time.perf_counter_ns()
        response = portal(environ, start_response)
        body = b"".join(response)
        response.close()
        wall, portal_cpu = time.perf_counter_ns() - wall, time.process_time_ns() - portal_cpu
        database = on_processor_ns(backend) - database
    _keep(cookies, answer["headers"])
    location = next((value for name, value in answer["headers"] if name == "Location"), "")
    return Cost(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        status=answer["status"],
        location=location,
        html=body.decode(),
        wall_ms=wall / MILLION,
        portal_ms=portal_cpu / MILLION,
        database_ms=database / MILLION,
        statements=tuple(statements),
    )


def _keep(cookies: dict[str, str], headers: list[tuple[str, str]]) -> None:
    for name, value in headers:
        if name != "Set-Cookie":
            continue
        for cookie in SimpleCookie(value).values():
            cookies[cookie.key] = cookie.value


def on_processor_ns(pid: int) -> int:
    """How long a process of this machine has run so far; 0 for one that is elsewhere."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) if pid and os.path.exists("/proc") else 0
    return 0
