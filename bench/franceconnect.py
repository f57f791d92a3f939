"""What a sign-in through FranceConnect costs at its callback, beside one by password in the same run (issue 4).

FranceConnect is the simulator, in a process of its own: what it spends is in nobody's processor time here, and the
wait for it is told apart.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from accounts.models import Account, Throttle
from bench import sign_in
from bench.pages import percentile
from bench.visit import MILLION, Cost, Visitor
from franceconnect.client import transport
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.personas import Known, persona
from tests.simulator import CLIENT_ID, CLIENT_SECRET, Simulator

FULL, SMALL, WARM_UP = 60, 10, 3
AIM = "≤ 12 SQL, no hash"


def run(small: bool) -> list[dict]:
    member = persona("garcin")
    with sign_in.production_hash() as hashed, waiting() as waited, federation() as simulator:
        encoded = make_password(DEMO_PASSWORD)
        Account.objects.filter(member=member.member).update(password=encoded)
        link(simulator, member)
        rounds = [one_round(simulator, member, hashed, waited) for _ in range(WARM_UP + (SMALL if small else FULL))]
    return list(rows(rounds[WARM_UP:]))


def one_round(
    simulator: Simulator, member: Known, hashed: list[float], waited: list[float]
) -> tuple[Cost, float, Cost]:
    """The callback and what of it was waiting, then the form with the password: both take turns."""
    Throttle.objects.all().delete()
    visitor, back = at_the_callback(simulator)
    hashed.clear()
    waited.clear()
    came = visitor.visit(back)
    if came.location != "/mon-espace/" or hashed:
        raise RuntimeError(f"not signed in at once: {came.location}, {len(hashed)} hashes")
    away = sum(waited)
    _, form, _ = sign_in.sign_in(Visitor(), member, hashed)
    return came, away, form


def at_the_callback(simulator: Simulator) -> tuple[Visitor, str]:
    """A browser that FranceConnect sends back to us, and where to."""
    visitor = Visitor()
    left = visitor.visit("/franceconnect/connexion/")
    back = urlsplit(simulator.walk(left.location, citizen="garcin"))
    return visitor, f"{back.path}?{back.query}"


def link(simulator: Simulator, member: Known) -> None:
    """The first time, which asks for the number."""
    visitor, back = at_the_callback(simulator)
    if visitor.visit(back).location != "/mon-espace/":
        visitor.visit("/franceconnect/identifiant/")
        visitor.press("Se connecter", nir=member.nir.grouped)


def rows(rounds: list[tuple[Cost, float, Cost]]) -> Iterator[dict]:
    callbacks, away, forms = zip(*rounds, strict=True)
    yield {
        **cost("the return of a linked member", callbacks),
        "of it waiting for FranceConnect": round(statistics.median(away), 1),
        "aim": AIM,
    }
    yield cost("the form with number and password, hash included", forms)
    ratio = statistics.median(each.cpu_ms for each in forms) / statistics.median(each.cpu_ms for each in callbacks)
    yield {"what": "by password for one by FranceConnect, processor time", "CPU ms": f"{ratio:.1f} : 1"}


def cost(what: str, costs: tuple[Cost, ...]) -> dict[str, Any]:
    spent = [each.cpu_ms for each in costs]
    return {
        "what": what,
        "CPU ms": round(statistics.median(spent), 1),
        "quiet ms": round(percentile(sorted(spent), 10), 1),
        "of PostgreSQL": round(statistics.median(each.database_ms for each in costs), 1),
        "SQL": sign_in.count(costs),
        "wall ms": round(statistics.median(each.wall_ms for each in costs), 1),
    }


@contextmanager
def federation() -> Iterator[Simulator]:
    """The simulator, as the FranceConnect of the portal in this process."""
    simulator = Simulator()
    agreed = {"FRANCECONNECT_CLIENT_ID": CLIENT_ID, "FRANCECONNECT_CLIENT_SECRET": CLIENT_SECRET}
    try:
        simulator.start()
        with override_settings(FRANCECONNECT_ISSUER=simulator.issuer, **agreed):
            yield simulator
    finally:
        simulator.close()


@contextmanager
def waiting() -> Iterator[list[float]]:
    """The milliseconds of each exchange with FranceConnect."""
    waited: list[float] = []
    plain = transport.Bounded.send

    def timed(self: transport.Bounded, *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter_ns()
        try:
            return plain(self, *args, **kwargs)
        finally:
            waited.append((time.perf_counter_ns() - started) / MILLION)

    transport.Bounded.send = timed  # type: ignore[method-assign]
    try:
        yield waited
    finally:
        transport.Bounded.send = plain  # type: ignore[method-assign]
