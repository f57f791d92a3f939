"""The same flow without a server: what it asks of the database, statement by statement.

Serves the portal and the reference alike: it takes the application from the settings.
"""

import re
from collections.abc import Coroutine
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.provider.flow import Answer, Client, Endpoints, flow

AROUND = ("BEGIN", "COMMIT", "ROLLBACK")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))", re.IGNORECASE | re.DOTALL)


@dataclass
class Inside:
    """Stands for a connection: the request is answered in this process. Watching costs time."""

    watches: bool = True
    sent: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.application = get_wsgi_application()

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Answer:
        given = dict(header.split(": ", 1) for header in headers)
        kind = given.pop("Content-Type", "")
        environ = RequestFactory().generic(method, path, body, kind, headers=given).environ
        answered: dict[str, Any] = {}
        with CaptureQueriesContext(connection) if self.watches else nullcontext() as captured:
            response = self.application(environ, lambda status, head: answered.update(status=status, head=head))
            content = b"".join(response)
            response.close()
        if captured is not None:
            self.sent[urlsplit(path).path] = [query["sql"] for query in captured.captured_queries]
        head = "".join(f"\r\n{name}: {value}" for name, value in answered["head"])
        return Answer(int(answered["status"][:3]), f"{head}\r\n".encode(), content)


def finished(never_waits: Coroutine[Any, Any, Any]) -> Any:
    """Its result, without an event loop, in which Django would refuse to talk to the database."""
    try:
        never_waits.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("it waits")


def statements_of_a_flow(at: Endpoints, client: Client) -> list[str]:
    """Everything that is sent in its course, BEGIN and COMMIT among it. Not the first flow of this process."""
    for _ in range(3):
        wire = Inside()
        finished(flow(wire, at, client, client.cookies[0]))
    return [sql for sent in wire.sent.values() for sql in sent]


def statements(sent: list[str]) -> int:
    return sum(sql not in AROUND for sql in sent)


def commits(sent: list[str]) -> int:
    """What PostgreSQL has to make last: each transaction, and each write outside of one."""
    count, inside = 0, False
    for sql in sent:
        if sql in AROUND:
            inside = sql == "BEGIN"
            count += sql == "COMMIT"
        elif not inside and WRITES.match(sql):
            count += 1
    return count
