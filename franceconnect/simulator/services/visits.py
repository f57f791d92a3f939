"""What a service remembers of a browser; each has a cookie of its own, and none of the hub's session (I17)."""

import threading
from dataclasses import dataclass
from typing import Any

from franceconnect.simulator import state
from franceconnect.simulator.services.service import DemoService

LIFE = 30 * 60
lock = threading.Lock()


@dataclass(frozen=True, repr=False)
class Received:
    """Everything that FranceConnect told, and when; the page of a service shows all of it."""

    claims: dict[str, Any]
    id_token_claims: dict[str, Any]
    id_token: str
    userinfo: str
    at: int


@dataclass
class Visit:
    """One browser at one service."""

    id: str
    seen_at: int
    # Of the way to FranceConnect that is open; each serves once.
    state: str = ""
    nonce: str = ""
    sign_out_state: str = ""
    received: Received | None = None


_visits: dict[tuple[str, str], Visit] = {}


def cookie(service: DemoService) -> str:
    return f"service-{service.slug}"


def of(service: DemoService, visit_id: str, *, now: int) -> Visit:
    """This browser's visit, a little longer; another one where there is none any more."""
    with lock:
        for key in [key for key, each in _visits.items() if each.seen_at + LIFE < now]:
            del _visits[key]
        found = _visits.get((service.slug, visit_id))
        if not found:
            found = Visit(state.new_id(), now)
            _visits[service.slug, found.id] = found
        found.seen_at = now
        return found


def take(visit: Visit, name: str, returned: str) -> bool:
    """Whether this is the state that was sent, once; another one spends nothing."""
    with lock:
        if not returned or getattr(visit, name) != returned:
            return False
        setattr(visit, name, "")
        return True
