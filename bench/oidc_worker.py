"""A worker of gunicorn that serves OpenID flows: its memory over many of them; what discovery and the keys cost it."""

import asyncio
import statistics
from collections.abc import Iterator
from functools import partial

from bench.memory import resident_kib
from bench.oidc import known
from bench.pages import percentile
from bench.provider.aims import aimed
from bench.provider.flow import Endpoints, Wire, drive
from bench.provider.in_process import Inside, finished
from bench.provider.portal import portal
from bench.provider.served import Provider

FLOWS, SMALL_FLOWS, WARM_UP, BLOCK = 50_000, 2_000, 1_000, 2_000
BLOCKS, SMALL_BLOCKS, CALLS = 30, 8, 100
RESIDENT, GROWTH, CALL, NO_SQL = "≤ 130", "≤ 5", "≤ 0.30", "≤ 0"


def run(small: bool) -> list[dict]:
    with portal() as ours:
        at = known(ours)
        rows = [*metadata(ours, at, SMALL_BLOCKS if small else BLOCKS)]
        return rows + [*memory(ours, at, SMALL_FLOWS if small else FLOWS)]


def metadata(ours: Provider, at: Endpoints, blocks: int) -> Iterator[dict]:
    for what, path in (("discovery", at.discovery), ("JWKS", at.jwks)):
        fresh = ours.over(lambda wire, path=path: wire.ask("GET", path)).expect(200)
        known_already = f"If-None-Match: {fresh.header('ETag')}"
        for circumstance, headers, status in (("", (), 200), (", known already", (known_already,), 304)):
            ask = partial(calls, ours, ask=(path, *headers), status=status, blocks=blocks)
            each = sorted(ours.over(ask))
            spent = round(statistics.median(each), 2)
            # Quiet: what a machine with nothing else to do comes to.
            quiet = {"found": spent, "quiet": round(percentile(each, 10), 2)}
            yield {"what": f"{what}{circumstance}: CPU ms a call", **quiet, **aimed(spent, CALL)}
        wire = Inside()
        for _ in range(2):  # each process reads the key ring again after a minute
            finished(wire.ask("GET", path))
        yield {"what": f"{what}: SQL", "found": (count := len(wire.sent[path])), **aimed(count, NO_SQL)}


async def calls(ours: Provider, wire: Wire, *, ask: tuple[str, ...], status: int, blocks: int) -> list[float]:
    """Milliseconds of gunicorn for a call, block after block."""
    spent = []
    for _ in range(blocks):
        before = ours.served.app_ms()
        for _ in range(CALLS):
            (await wire.ask("GET", *ask)).expect(status)
        spent.append((ours.served.app_ms() - before) / CALLS)
    return spent


def memory(ours: Provider, at: Endpoints, flows: int) -> Iterator[dict]:
    """The larger worker, and the one that grew most."""
    asyncio.run(drive(ours.served.port, at, ours.client, flows=WARM_UP, at_once=8))
    before = resident(ours)
    for done in range(0, flows, BLOCK):
        asyncio.run(drive(ours.served.port, at, ours.client, flows=BLOCK, at_once=8))
        now = ", ".join(f"{each / 1024:.1f}" for each in resident(ours).values())
        print(f"{done + BLOCK:>7} flows of {flows}: {now} MiB", flush=True)
    after = resident(ours)
    size = round(max(before.values()) / 1024, 1)
    growth = round(max(after[pid] / before[pid] - 1 for pid in before) * 100, 1)
    yield {"what": f"resident after {WARM_UP} flows, MiB a worker", "found": size, **aimed(size, RESIDENT)}
    yield {"what": f"growth over {flows} flows, %", "found": growth, **aimed(growth, GROWTH)}


def resident(ours: Provider) -> dict[int, int]:
    return {pid: resident_kib(pid) for pid in ours.served.workers}
