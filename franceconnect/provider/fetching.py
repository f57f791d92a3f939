"""Reads a small JSON document from a relying party's server without letting it lead us anywhere or hold us up.

On http.client and not on a library above it: each of these limits stands between the name and the last byte read, and
a library follows redirects, environment variables and a second look-up of the name on its own account.
"""

import http.client
import io
import ipaddress
import json
import queue
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import certifi
from django.conf import settings

from franceconnect.registered_uris import fault

RESOLVE, CONNECT, READ, ALTOGETHER = 2.0, 2.0, 3.0, 5.0  # seconds
LARGEST = 64 * 1024
MOST_ADDRESSES = 4
HEADERS = {"Accept": "application/json", "Connection": "close"}
JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.ASCII)
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})", re.ASCII)
# What ipaddress calls global in one version of Python or another, and what carries an IPv4 address inside.
SPECIAL = [
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class Why(StrEnum):
    """What was wrong; for our logs, never for the outside."""

    ADDRESS = "address"  # not one that may be registered
    NAME = "name"  # unknown to the DNS
    NOT_PUBLIC = "not_public"  # on a network of our own
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    STATUS = "status"  # a redirect counts
    CONTENT_TYPE = "content_type"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"


class FetchRefused(Exception):
    """The document could not be had, or not within the limits."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Fetched:
    """A document, and for how many seconds its server says that it holds."""

    document: Any
    max_age: int


def fetch_json(url: str) -> Fetched:
    """The document at `url`, within ALTOGETHER seconds. Raises FetchRefused."""
    deadline = time.monotonic() + ALTOGETHER
    if fault(url):
        raise FetchRefused(Why.ADDRESS)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Connection(host, port, parts.scheme == "https", deadline=deadline)
    try:
        connection.request("GET", _target(url), headers={"Host": parts.netloc, **HEADERS})
        return _read(connection.getresponse())
    except TimeoutError:
        raise FetchRefused(Why.TOO_SLOW) from None
    except (OSError, http.client.HTTPException):
        raise FetchRefused(Why.UNREACHABLE) from None
    finally:
        connection.hang_up()


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(response: http.client.HTTPResponse) -> Fetched:
    if response.status != 200:
        raise FetchRefused(Why.STATUS)
    if not JSON_TYPE.fullmatch(response.headers.get_content_type()):
        raise FetchRefused(Why.CONTENT_TYPE)
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise FetchRefused(Why.TOO_LARGE)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchRefused(Why.NOT_JSON) from None
    told = MAX_AGE.search(response.headers.get("Cache-Control", "").lower())
    return Fetched(document, int(told[1]) if told else 0)


class _Connection(http.client.HTTPConnection):
    """Goes to an address that was checked, and asks for the name: it is looked up once, so it cannot change."""

    def __init__(self, host: str, port: int, encrypted: bool, *, deadline: float) -> None:
        super().__init__(host, port)
        self.encrypted, self.deadline = encrypted, deadline
        self.line: socket.socket | None = None

    def connect(self) -> None:
        self.line = _reach(addresses(self.host, self.port), self.port, deadline=self.deadline)
        if self.encrypted:
            self.line.settimeout(_left(self.deadline, CONNECT))
            self.line = _trust().wrap_socket(self.line, server_hostname=self.host)
        self.sock: Any = _Socket(self.line, self.deadline)

    def hang_up(self) -> None:
        if self.line:
            self.line.close()


class _Socket:
    """As much of a socket as http.client uses; every read ends at the deadline, however slowly bytes drip."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self.line, self.deadline = line, deadline

    def sendall(self, sent: bytes) -> None:
        self.line.settimeout(_left(self.deadline, READ))
        self.line.sendall(sent)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.line, self.deadline))

    def close(self) -> None:
        """http.client closes a socket whose answer is still to be read; ours goes when all is read."""


class _Reader(io.RawIOBase):
    """What comes over the line, while there is time."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self.line, self.deadline = line, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(_left(self.deadline, READ))
        return self.line.recv_into(buffer)


def _left(deadline: float, at_most: float) -> float:
    """Seconds that may still be waited. Raises TimeoutError."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, at_most)


def _reach(found: list[str], port: int, *, deadline: float) -> socket.socket:
    """A line to the first address that answers."""
    patience = min(deadline, time.monotonic() + CONNECT)
    failure: OSError = OSError()
    for address in found[:MOST_ADDRESSES]:
        try:
            return _call(address, port, patience=patience)
        except OSError as failed:
            failure = failed
    raise failure


def _call(address: str, port: int, *, patience: float) -> socket.socket:
    line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        line.settimeout(_left(patience, CONNECT))
        line.connect((address, port))
    except OSError:
        line.close()
        raise
    return line


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts, and Mozilla's where it knows none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, if each of them is one that anybody may talk to. Raises FetchRefused."""
    found = [host] if _is_address(host) else _looked_up(host, port)
    if not all(may_be_reached(address) for address in found):
        raise FetchRefused(Why.NOT_PUBLIC)
    return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _looked_up(host: str, port: int) -> list[str]:
    """What the DNS says. It has no time limit of its own, so somebody else waits for it."""
    answer: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            rows = []
        answer.put([str(row[4][0]) for row in rows])

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=RESOLVE)
    except queue.Empty:
        raise FetchRefused(Why.TOO_SLOW) from None
    if not found:
        raise FetchRefused(Why.NAME)
    return found


def may_be_reached(address: str) -> bool:
    """Whether this is an address of the public Internet; the demonstration may also talk to its own machine."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if known.is_loopback:
        return bool(settings.OIDC_FETCH_FROM_THIS_MACHINE)
    if isinstance(known, ipaddress.IPv6Address) and known not in GLOBAL_UNICAST:
        # With it go ::ffff:10.0.0.1, ::10.0.0.1, NAT64's 64:ff9b::a00:1, link-local and unique local ones.
        return False
    return known.is_global and not known.is_multicast and not any(known in each for each in SPECIAL)
