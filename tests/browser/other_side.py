"""A service at another origin of this machine: where members come from and where they are led back to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = "<!doctype html><html lang=fr><meta charset=utf-8><link rel=icon href=data:,><title>Service</title><h1>{}</h1>"


@dataclass
class OtherSide:
    """Its addresses, and every visit it had, as « method path?query »."""

    origin: str
    visits: list[str] = field(default_factory=list)

    @property
    def callback(self) -> str:
        return f"{self.origin}/api/v2/oidc-callback"

    @property
    def logout_callback(self) -> str:
        return f"{self.origin}/api/v2/client/logout-callback"

    @property
    def brought(self) -> str:
        """The whole address of the last visit to a callback."""
        path = next(each for each in reversed(self.visits) if "-callback" in each).removeprefix("GET ")
        return f"{self.origin}{path}"


@contextmanager
def other_side() -> Iterator[OtherSide]:
    """As FranceConnect does, it leads from its callback to a page of its own."""
    service = OtherSide("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.visits.append(f"{self.command} {self.path}")
            if "-callback" in self.path:
                self.send_response(302)
                self.send_header("Location", "/arrivee" if "oidc" in self.path else "/parti")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = PAGE.format("Vous êtes arrivé" if self.path == "/arrivee" else "Vous êtes parti").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
