"""An identity provider on this machine that answers as MSA does, but for what a test tells it to do otherwise."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT = "franceconnect-simulator"
SOMEBODY = {
    "sub": "abc", "given_name": "Loïc André", "family_name": "GARCIN", "birthdate": "1985-10-11", "gender": "male",
    "birthplace": "13201", "birthcountry": "99100", "email": "loic.garcin@example.org",
}  # fmt: skip
Answer = tuple[int, str, bytes]


class FalseMsa:
    """What it says of itself and of its visitor; None takes a member away. `asked` holds every request."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "k", "use": "sig", "alg": "ES256"})
        self.url = ""
        self.nonce = ""
        self.metadata: dict[str, Any] = {}
        self.id_token: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        # path → another answer altogether
        self.instead: dict[str, Answer] = {}
        # path that is answered when the test is over
        self.silent = ""
        self.over = threading.Event()
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    def answer(self, path: str) -> Answer:
        if path == self.silent:
            self.over.wait(30)
        if path in self.instead:
            return self.instead[path]
        match path:
            case "/.well-known/openid-configuration":
                return self._json(self._document())
            case "/jwks":
                return self._json({"keys": [self.key.as_dict(private=False)]})
            case "/token":
                told = {"access_token": "a-token", "token_type": "Bearer", "id_token": self._id_token(), **self.tokens}
                return self._json(told)
            case "/userinfo":
                return 200, "application/jwt", self._signed({**SOMEBODY, **self.userinfo}).encode()
        return 404, "text/plain", b""

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            **{
                f"{name}_endpoint": f"{self.url}/{name}"
                for name in ("authorization", "token", "userinfo", "end_session")
            },
            "jwks_uri": f"{self.url}/jwks",
            **self.metadata,
        }

    def _id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.url, "sub": "abc", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.nonce}
        return self._signed({**said, "acr": "eidas1", **self.id_token})

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": "k"}, _without_nothing(claims), self.key)

    def _json(self, told: dict[str, Any]) -> Answer:
        return 200, "application/json", json.dumps(_without_nothing(told)).encode()


def _without_nothing(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


@contextmanager
def false_msa() -> Iterator[FalseMsa]:
    msa = FalseMsa()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            msa.asked.append((urlsplit(self.path).path, dict(parse_qsl(body)), headers))
            status, media_type, content = msa.answer(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            if status in (301, 302, 307):
                self.send_header("Location", f"{msa.url}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    msa.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield msa
    finally:
        msa.over.set()
        server.shutdown()
        server.server_close()
