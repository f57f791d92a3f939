"""The relying parties as each process knows them, for ten seconds: every request of theirs begins with one."""

import time

from franceconnect.models import Client

# A client that was stopped is served as before for so long at most (docs/operations.md).
KNOWN_FOR = 10.0
MOST = 1000

_known: dict[str | int, tuple[float, Client]] = {}


def find(client_id: str) -> Client | None:
    """The active client of this name."""
    return _recent(client_id) or read(client_id) if client_id else None


def of(pk: int) -> Client | None:
    """The active client of this key."""
    return _recent(pk) or _read(pk=pk)


def read(client_id: str) -> Client | None:
    """As it stands in the database now: for whoever would be refused by what was known."""
    return _read(client_id=client_id)


def _recent(name: str | int) -> Client | None:
    read_at, client = _known.get(name, (0.0, None))
    return client if client and time.monotonic() - read_at <= KNOWN_FOR else None


def _read(**named: str | int) -> Client | None:
    client = next(iter(Client.objects.filter(is_active=True, **named)), None)
    if client is None:
        for name in named.values():
            _known.pop(name, None)
        return None
    if len(_known) >= MOST:
        _known.clear()
    _known[client.pk] = _known[client.client_id] = time.monotonic(), client
    return client


def forget_cache() -> None:
    """What was read is read again."""
    _known.clear()
