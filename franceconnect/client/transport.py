"""The line to FranceConnect: nothing said on it may hold us up, lead us anywhere, fill our memory or reach our logs."""

import json
import queue
import re
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError

CONNECT, READ, ALTOGETHER = 2.0, 4.0, 6.0  # seconds; FranceConnect itself waits 6 for anybody (facts A3)
LARGEST = 64 * 1024
AT_ONCE = 8 * 1024
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})", re.ASCII)


class Why(StrEnum):
    """What was wrong; for our logs, never for the outside."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    STATUS = "status"  # 5xx when it is down; any other that is not 2xx when it is odd
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    CONTENT_TYPE = "content_type"
    NOT_JSON = "not_json"


class Unreachable(Exception):
    """FranceConnect does not answer, or says that it cannot: it is down, and it is worth coming back later."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class NotAsExpected(Exception):
    """FranceConnect answered, and the answer is not what it should be."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Document:
    """A JSON object, and for how many seconds its server says that it holds; nothing when it says nothing."""

    told: dict[str, Any]
    max_age: int | None


class Bounded(HTTPAdapter):
    """Every exchange within the limits, whichever library asks for it: limits stand below Authlib, not beside it."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Neither the look-up of a name nor an answer that drips has a time limit of its own: somebody else waits."""
        answer: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._exchange(request))
            except Exception as failed:
                answer.put(failed)

        threading.Thread(target=ask, name="franceconnect", daemon=True).start()
        try:
            came = answer.get(timeout=ALTOGETHER)
        except queue.Empty:
            raise Unreachable(Why.TOO_SLOW) from None
        if isinstance(came, Exception):
            # What the libraries say of it names addresses with their queries.
            raise came from None
        return came

    def _exchange(self, request: requests.PreparedRequest) -> requests.Response:
        ends = time.monotonic() + ALTOGETHER
        try:
            response = super().send(request, stream=True, timeout=(CONNECT, READ), verify=True)
            body = _read(response, ends)
        except (requests.Timeout, TimeoutError):
            raise Unreachable(Why.TOO_SLOW) from None
        except (requests.RequestException, HTTPError, OSError, ValueError):
            raise Unreachable(Why.UNREACHABLE) from None
        if response.status_code >= 500:
            raise Unreachable(Why.STATUS)
        if 300 <= response.status_code < 400:
            raise NotAsExpected(Why.REDIRECT)
        response._content = body
        response._content_consumed = True
        return response


def _read(response: requests.Response, ends: float) -> bytes:
    """What comes, while there is room and time."""
    body = b""
    try:
        while more := response.raw.read1(AT_ONCE, decode_content=True):
            body += more
            if len(body) > LARGEST:
                raise NotAsExpected(Why.TOO_LARGE)
            if time.monotonic() > ends:
                raise Unreachable(Why.TOO_SLOW)
    except BaseException:
        response.close()
        raise
    response.raw.release_conn()
    return body


class NoCookies(RequestsCookieJar):
    """FranceConnect's cookies are its visitors', not ours."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keeps none."""


# One for the process: it holds the open lines, and threads may share it.
_ADAPTER = Bounded(pool_connections=2, pool_maxsize=8, max_retries=0)


def open_line(session: requests.Session) -> requests.Session:
    """This session goes by our limits: no proxy and no password from the environment, no cookie."""
    session.trust_env = False
    session.cookies = NoCookies()
    session.headers["Accept-Encoding"] = "identity"
    for scheme in ("https://", "http://"):
        session.mount(scheme, _ADAPTER)
    return session


def get(url: str, *, accept: str, token: str = "") -> requests.Response:
    """What stands there. Raises Unreachable, NotAsExpected."""
    headers = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {})}
    return open_line(requests.Session()).get(url, headers=headers)


def get_json(url: str) -> Document:
    """The JSON object that stands there. Raises Unreachable, NotAsExpected."""
    response = get(url, accept="application/json")
    if response.status_code != 200:
        raise NotAsExpected(Why.STATUS)
    told = as_json(response)
    if told is None:
        raise NotAsExpected(Why.NOT_JSON)
    age = MAX_AGE.search(response.headers.get("Cache-Control", "").lower())
    return Document(told, int(age[1]) if age else None)


def as_json(response: requests.Response) -> dict[str, Any] | None:
    """The object in an answer, or nothing."""
    try:
        told = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
