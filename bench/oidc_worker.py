"""A worker of gunicorn that serves OpenID flows: its memory over many of them; what discovery and the keys cost it."""

import asyncio
from collections.abc import Iterator

from bench.memory import resident_kib
from bench.oidc import known
from bench.provider.aims import aimed
from bench.provider.flow import Answer, Endpoints, Wire, drive
from bench.provider.in_process import Inside, finished
from bench.provider.portal import portal
from bench.provider.served import Provider

FLOWS, SMALL_FLOWS, WARM_UP_SHARE, BLOCK = 50_000, 2_000, 0.04, 2_000
CALLS, SMALL_CALLS = 3_000, 500
RESIDENT, GROWTH, CALL, NO_SQL = "≤ 130", "≤ 5", "≤ 0.30", "≤ 0"


def run(small: bool) -> list[dict]:
    with portal() as ours:
        at = known(ours)
        rows = [*metadata(ours, at, SMALL_CALLS if small else CALLS)]
        return rows + [*memory(ours, at, SMALL_FLOWS if small else FLOWS)]


def metadata(ours: Provider, at: Endpoints, calls: int) -> Iterator[dict]:
    for what, path in (("discovery", at.discovery), ("JWKS", at.jwks)):
        fresh = ours.over(lambda wire, path=path: wire.ask("GET", path)).expect(200)
        known_already = f"If-None-Match: {fresh.header('ETag')}"
        for circumstance, headers, status in (("", (), 200), (", known already", (known_already,), 304)):
            before = ours.served.cpu_ms()
            ours.over(lambda wire, ask=(path, *headers), status=status: repeat(wire, ask, status, calls))
            after = ours.served.cpu_ms()
            spent = round((after["app"] - before["app"]) / calls, 2)
            yield {"what": f"{what}{circumstance}: CPU ms a call", "found": spent, **aimed(spent, CALL)}
        wire = Inside()
        for _ in range(2):  # each process reads the key ring again after a minute
            finished(wire.ask("GET", path))
        yield {"what": f"{what}: SQL", "found": (count := len(wire.sent[path])), **aimed(count, NO_SQL)}


async def repeat(wire: Wire, ask: tuple[str, ...], status: int, calls: int) -> Answer:
    for _ in range(calls):
        answer = (await wire.ask("GET", *ask)).expect(status)
    return answer


def memory(ours: Provider, at: Endpoints, flows: int) -> Iterator[dict]:
    """The larger worker, and the one that grew most."""
    warm_up = round(flows * WARM_UP_SHARE)
    asyncio.run(drive(ours.served.port, at, ours.client, flows=warm_up, at_once=8))
    before = resident(ours)
    for done in range(0, flows, BLOCK):
        asyncio.run(drive(ours.served.port, at, ours.client, flows=BLOCK, at_once=8))
        now = ", ".join(f"{each / 1024:.1f}" for each in resident(ours).values())
        print(f"{done + BLOCK:>7} flows of {flows}: {now} MiB", flush=True)
    after = resident(ours)
    size = round(max(before.values()) / 1024, 1)
    growth = round(max(after[pid] / before[pid] - 1 for pid in before) * 100, 1)
    yield {"what": f"resident after {warm_up} flows, MiB a worker", "found": size, **aimed(size, RESIDENT)}
    yield {"what": f"growth over {flows} flows, %", "found": growth, **aimed(growth, GROWTH)}


def resident(ours: Provider) -> dict[int, int]:
    return {pid: resident_kib(pid) for pid in ours.served.workers}
