"""A relying party's server on this machine: publishes what a test tells it to, well or badly."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jwcrypto.jwk import JWK


@dataclass
class KeyServer:
    """What it says next, and what it was asked."""

    document: Any = field(default_factory=lambda: {"keys": []})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    # Writes the answer in a way of its own.
    answer: Callable[[Any], None] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/jwks.json"

    def publishes(self, *keys: JWK) -> None:
        self.document = {"keys": [key.export_public(as_dict=True) for key in keys]}


@contextmanager
def key_server(tls: ssl.SSLContext | None = None) -> Iterator[KeyServer]:
    served = KeyServer(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            if served.answer:
                served.answer(self.wfile)
                return
            body = served.document if isinstance(served.document, bytes) else json.dumps(served.document).encode()
            self.send_response(served.status)
            for name, value in {"Content-Type": served.content_type, **served.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    served.port = server.server_address[1]
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def dripping(*, every: float, head: bytes = b"") -> Callable[[Any], None]:
    """An answer that never ends: a byte now and then, each before anybody's patience with one byte is over."""

    def drip(out: Any) -> None:
        out.write(head)
        for _ in range(100):
            out.write(b"x")
            out.flush()
            time.sleep(every)

    return drip


def silent(out: Any) -> None:
    """Says nothing for longer than anybody waits."""
    time.sleep(4)
