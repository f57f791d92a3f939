"""A relying party and its members' browsers: whole OpenID flows over connections that are kept, so many at once."""

import asyncio
import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from bench.visit import MILLION

SCOPE = "openid profile email"
REDIRECT_URI = "https://service.example/retour"
CHUNKED = re.compile(rb"\r\nTransfer-Encoding: chunked", re.IGNORECASE)
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Client:
    """A relying party as its provider has registered it, and the cookies of members who are signed in there."""

    client_id: str
    client_secret: str
    redirect_uri: str
    cookies: tuple[str, ...]


@dataclass(frozen=True)
class Endpoints:
    """Paths, from the provider's own discovery document."""

    authorize: str
    token: str
    userinfo: str
    jwks: str
    discovery: str
    issuer: str


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def expect(self, status: int) -> Self:
        if self.status != status:
            raise RuntimeError(f"{self.status} instead of {status}: {self.body[:600]!r}")
        return self

    def header(self, name: str) -> str:
        found = re.search(rb"\r\n%b: ([^\r]*)" % name.encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Wire:
    """One HTTP/1.1 connection that is kept."""

    host: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int) -> Self:
        return cls(f"127.0.0.1:{port}", *await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Answer:
        lines = (f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}", *headers, "", "")
        self.writer.write("\r\n".join(lines).encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        content = await self.reader.readexactly(int(length[1])) if length else await self._chunks(head)
        return Answer(int(head[9:12]), head, content)

    async def _chunks(self, head: bytes) -> bytes:
        """RFC 9112, section 7.1: a body whose length nobody has said; none at all in a 304."""
        content, more = b"", CHUNKED.search(head) is not None
        while more:
            more = int(await self.reader.readuntil(b"\r\n"), 16)
            content += (await self.reader.readexactly(more + 2))[:-2]
        return content

    def close(self) -> None:
        self.writer.close()


@dataclass(frozen=True)
class Signed:
    """What the relying party holds in the end."""

    id_token: str
    nonce: str
    userinfo: dict[str, Any]


async def flow(wire: Wire, at: Endpoints, client: Client, cookie: str) -> Signed:
    """Authorize with a live session, exchange the code (client_secret_post, PKCE S256), ask who it is."""
    verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    answer = (await wire.ask("GET", f"{at.authorize}?{urlencode(asked)}", f"Cookie: {cookie}")).expect(302)
    sent_back = answer.header("Location")
    given = parse_qs(urlsplit(sent_back).query)
    if not sent_back.startswith(client.redirect_uri) or given.get("state") != [state] or "code" not in given:
        raise RuntimeError(f"sent back to {sent_back}")
    exchange = {
        "grant_type": "authorization_code",
        "code": given["code"][0],
        "redirect_uri": client.redirect_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "code_verifier": verifier,
    }
    form = "Content-Type: application/x-www-form-urlencoded"
    tokens = (await wire.ask("POST", at.token, form, body=urlencode(exchange).encode())).expect(200).json
    bearer = f"Authorization: Bearer {tokens['access_token']}"
    userinfo = (await wire.ask("GET", at.userinfo, bearer)).expect(200).json
    if not userinfo["sub"]:
        raise RuntimeError("nobody signed in")
    return Signed(tokens["id_token"], nonce, userinfo)


def challenge(verifier: str) -> str:
    """RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def discover(wire: Wire, path: str) -> Endpoints:
    said = (await wire.ask("GET", path)).expect(200).json
    authorize, token, userinfo, jwks = (
        urlsplit(said[name]).path
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    )
    return Endpoints(authorize, token, userinfo, jwks, path, said["issuer"])


async def prove(wire: Wire, at: Endpoints, client: Client) -> None:
    """One flow whose id_token is checked by a library of its own: what is measured is the real thing."""
    keys = KeySet.import_key_set((await wire.ask("GET", at.jwks)).expect(200).json)
    signed = await flow(wire, at, client, client.cookies[0])
    token = jwt.decode(signed.id_token, keys, algorithms=["ES256", "RS256"])
    expected = {"iss": at.issuer, "aud": client.client_id, "nonce": signed.nonce, "sub": signed.userinfo["sub"]}
    if {name: token.claims.get(name) for name in expected} != expected:
        raise RuntimeError(f"the id_token says {token.claims}")


@dataclass(frozen=True)
class Driven:
    """The milliseconds of each flow, and of all of them together."""

    walls: list[float]
    seconds: float


async def drive(port: int, at: Endpoints, client: Client, *, flows: int, at_once: int) -> Driven:
    """So many flows, each connection starting the next one as soon as its last one is over."""
    wires = [await Wire.to(port) for _ in range(at_once)]
    members = islice(cycle(client.cookies), flows)
    walls: list[float] = []
    started = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for wire in wires:
            tasks.create_task(_one_after_the_other(wire, at, client, members, walls))
    seconds = time.perf_counter() - started
    for wire in wires:
        wire.close()
    return Driven(walls, seconds)


async def _one_after_the_other(
    wire: Wire, at: Endpoints, client: Client, members: Iterator[str], walls: list[float]
) -> None:
    for cookie in members:
        started = time.perf_counter_ns()
        await flow(wire, at, client, cookie)
        walls.append((time.perf_counter_ns() - started) / MILLION)
