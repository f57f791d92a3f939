"""A whole OpenID flow at the portal and at a tuned django-oauth-toolkit (bench/reference), in turns on this machine.

authorize with a live session and a remembered consent → token (client_secret_post, PKCE S256) → userinfo (JSON).
"""

import asyncio
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from bench.pages import percentile
from bench.provider import reference as plain
from bench.provider.aims import aimed
from bench.provider.flow import Client as Service
from bench.provider.flow import Endpoints, discover, drive, prove
from bench.provider.in_process import commits, statements, statements_of_a_flow
from bench.provider.portal import portal
from bench.provider.served import Provider
from franceconnect.models import Client, Grant

ROUNDS, SMALL_ROUNDS = 10, 3
# Flows in a round, by how many go on at once.
FLOWS, SMALL_FLOWS = {1: 100, 8: 400, 32: 400}, {1: 20, 8: 80, 32: 80}
WARM_UP = 100
OLD_GRANTS = 1000
CPU, RATE, TAIL, SQL, COMMITS = "≤ 0.40", "≥ 2.5", "≤ 0.50", "≤ 10", "≤ 3"


@dataclass
class Met:
    """What one provider did at one number of flows at once, round after round."""

    rates: list[float] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def wall(self, percent: int) -> float:
        return percentile(sorted(self.walls), percent)

    def cpu_ms(self, *parts: str) -> float:
        """Of a flow; of these processes, or of all."""
        return statistics.median(map(sum, zip(*(self.cpu[part] for part in parts or self.cpu), strict=True)))


def run(small: bool) -> list[dict]:
    with portal() as ours, plain.reference() as theirs:
        providers = [(provider, known(provider)) for provider in (ours, theirs)]
        met = in_turns(providers, SMALL_ROUNDS if small else ROUNDS, SMALL_FLOWS if small else FLOWS)
        of_theirs = plain.counts(providers[1][1], theirs)
        rows = [row for at_once in FLOWS for row in compared(at_once, *(each[at_once] for each in met))]
        return rows + list(counted(ours, providers[0][1], of_theirs))


def known(provider: Provider) -> Endpoints:
    """Where everything is, proven by one flow, and warm."""
    at = provider.over(lambda wire: discover(wire, provider.discovery))
    provider.over(lambda wire: prove(wire, at, provider.client))
    asyncio.run(drive(provider.served.port, at, provider.client, flows=WARM_UP, at_once=8))
    return at


def in_turns(providers: list[tuple[Provider, Endpoints]], rounds: int, flows: dict[int, int]) -> list[dict[int, Met]]:
    """One after the other, so that noise falls on both; who begins changes each time."""
    met = [{at_once: Met() for at_once in flows} for _ in providers]
    for number in range(rounds):
        for at_once, count in flows.items():
            for place in sorted((0, 1), reverse=number % 2 == 1):
                one_round(*providers[place], met[place][at_once], flows=count, at_once=at_once)
    return met


def one_round(provider: Provider, at: Endpoints, met: Met, *, flows: int, at_once: int) -> None:
    before = provider.served.cpu_ms()
    driven = asyncio.run(drive(provider.served.port, at, provider.client, flows=flows, at_once=at_once))
    for part, spent in provider.served.cpu_ms().items():
        met.cpu[part].append((spent - before[part]) / flows)
    met.rates.append(flows / driven.seconds)
    met.walls += driven.walls


def compared(at_once: int, ours: Met, theirs: Met) -> Iterator[dict]:
    yield beside(f"{at_once} at once: CPU ms a flow", ours.cpu_ms(), theirs.cpu_ms(), CPU)
    yield beside("   of them gunicorn", ours.cpu_ms("app"), theirs.cpu_ms("app"))
    yield beside("   of them PostgreSQL and Redis", ours.cpu_ms("db", "redis"), theirs.cpu_ms("db", "redis"))
    yield beside("   flows a second", ours.rate, theirs.rate, RATE)
    yield beside("   p50 ms", ours.wall(50), theirs.wall(50))
    yield beside("   p99 ms", ours.wall(99), theirs.wall(99), TAIL if at_once == max(FLOWS) else "")


def beside(what: str, ours: float, theirs: float, aim: str = "") -> dict:
    ratio = ours / theirs
    row = {"what": what, "ours": f"{ours:.2f}", "reference": f"{theirs:.2f}", "ratio": f"{ratio:.2f}"}
    return row | (aimed(round(ratio, 2), aim) if aim else {})


def counted(ours: Provider, at: Endpoints, theirs: tuple[int, int]) -> Iterator[dict]:
    """Statements and commits of a flow within this process, for a member with no past and for one with a long one."""
    for past, reference in (("", theirs), (f", the member having {OLD_GRANTS} old grants", ("", ""))):
        if past:
            remember_grants(ours.client)
        sent = statements_of_a_flow(at, ours.client)
        for what, figure, other, aim in (
            ("SQL statements", statements(sent), reference[0], SQL),
            ("commits", commits(sent), reference[1], COMMITS),
        ):
            yield {"what": f"{what} a flow{past}", "ours": figure, "reference": other, **aimed(figure, aim)}


def remember_grants(ours: Service) -> None:
    """Sign-ins of the last months, whose tokens have long expired."""
    client = Client.objects.get(client_id=ours.client_id)
    account = Account.objects.get(consents__client=client)
    now = timezone.now()
    Grant.objects.bulk_create(
        Grant(
            code=f"old-{client.pk}-{number}",
            user=account,
            application=client,
            redirect_uri=ours.redirect_uri,
            scope="openid",
            expires=(then := now - timedelta(hours=number + 1)),
            acr="eidas1",
            amr="pwd",
            auth_time=then,
            consumed_at=then,
            token_digest=number.to_bytes(4) + client.pk.to_bytes(8),
            token_expires_at=then,
        )
        for number in range(OLD_GRANTS)
    )
