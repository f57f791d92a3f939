"""Carries what one page of the agents' door tells the next, sealed in the session: never in an address."""

import base64
import json
from typing import Any

from accounts.sealed import SealBroken, seal, unseal


def keep(session: Any, name: str, told: dict[str, str]) -> None:
    session[name] = base64.b64encode(seal(json.dumps(told).encode(), context=_context(name))).decode()


def read(session: Any, name: str) -> dict[str, str] | None:
    """What was kept under this name, if anything."""
    try:
        told: dict[str, str] = json.loads(unseal(base64.b64decode(session.get(name, "")), context=_context(name)))
    except (SealBroken, ValueError, IndexError):
        return None
    return told


def _context(name: str) -> bytes:
    return f"session.{name}".encode()
