"""What a sign-in costs beside the hash of the password (R17), in processor time of the portal and of PostgreSQL."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Account, Throttle
from accounts.passwords import PortalArgon2Hasher
from bench.pages import percentile
from bench.visit import MILLION, Cost, Visitor
from msa_portal.demo.personas import DEMO_PASSWORD
from tests.personas import Known, persona

FULL, SMALL, WARM_UP = 60, 15, 3
PRODUCTION = {"time_cost": 2, "memory_cost": 47104, "parallelism": 1}
AIM = "≤ 9"


def run(small: bool) -> list[dict]:
    member = persona("garcin")
    with production_hash() as spent:
        encoded = make_password(DEMO_PASSWORD)
        Account.objects.filter(member=member.member).update(password=encoded)
        rounds = [one_round(member, encoded, spent) for _ in range(WARM_UP + (SMALL if small else FULL))][WARM_UP:]
    bare = sorted(bare for bare, _, _ in rounds)
    known, fresh = ([each[place] for each in rounds] for place in (1, 2))
    circumstance = f"Argon2id t={PRODUCTION['time_cost']} m={PRODUCTION['memory_cost']} p={PRODUCTION['parallelism']}"
    return [
        {
            "what": f"the hash alone, {circumstance}",
            "CPU ms": round(statistics.median(bare), 1),
            "quiet ms": round(percentile(bare, 10), 1),
            "rounds": len(rounds),
        },
        *rows("a browser that is remembered", known),
        *rows("a browser that is new", fresh),
    ]


def one_round(member: Known, encoded: str, spent: list[float]) -> tuple[float, list[Any], list[Any]]:
    """The bare hash and both sign-ins take turns, so that noise falls on all three."""
    remembered, new = Visitor(), Visitor()
    Throttle.objects.all().delete()
    started = time.process_time_ns()
    PortalArgon2Hasher().verify(DEMO_PASSWORD, encoded)
    bare = (time.process_time_ns() - started) / MILLION
    sign_in(remembered, member, spent)  # this one only makes the browser known
    remembered.visit("/mon-espace/")
    remembered.press("Se déconnecter")
    return bare, sign_in(remembered, member, spent), sign_in(new, member, spent)


def sign_in(visitor: Visitor, member: Known, spent: list[float]) -> list[Any]:
    """The page, then the form: both costs, and what of the second was the hash."""
    page = visitor.visit("/connexion/")
    spent.clear()
    form = visitor.press("Se connecter", login_id=member.nir.grouped, password=DEMO_PASSWORD)
    if form.status != 302 or len(spent) != 1:
        raise RuntimeError(f"not signed in: {form.status}, {len(spent)} hashes")
    return [page, form, spent[0]]


def rows(who: str, rounds: list[list[Any]]) -> Iterator[dict]:
    pages, forms, hashes = zip(*rounds, strict=True)
    beside = [form.cpu_ms - hashed for form, hashed in zip(forms, hashes, strict=True)]
    database = statistics.median(form.database_ms for form in forms)
    yield {
        "what": f"{who}: the form sent, beside its hash",
        "CPU ms": round(statistics.median(beside), 1),
        # What a machine with nothing else to do comes to.
        "quiet ms": round(percentile(sorted(beside), 10), 1),
        "of PostgreSQL": round(database, 1),
        "SQL": count(forms),
        "wall ms": round(statistics.median(form.wall_ms for form in forms), 1),
        "aim": AIM,
    }
    whole = [page.cpu_ms + rest for page, rest in zip(pages, beside, strict=True)]
    yield {
        "what": f"{who}: page and form, beside the hash",
        "CPU ms": round(statistics.median(whole), 1),
        "SQL": count(pages) + count(forms),
    }


def count(costs: tuple[Cost, ...]) -> int:
    return max(len(cost.statements) for cost in costs)


@contextmanager
def production_hash() -> Iterator[list[float]]:
    """The costs of production, which the tests' mode lowers; yields the milliseconds of each verification."""
    spent: list[float] = []
    plain = PortalArgon2Hasher.verify
    before = {name: getattr(PortalArgon2Hasher, name) for name in PRODUCTION}

    def timed(self: PortalArgon2Hasher, password: str, encoded: str) -> bool:
        started = time.process_time_ns()
        try:
            return plain(self, password, encoded)
        finally:
            spent.append((time.process_time_ns() - started) / MILLION)

    for name, value in PRODUCTION.items():
        setattr(PortalArgon2Hasher, name, value)
    PortalArgon2Hasher.verify = timed
    try:
        yield spent
    finally:
        PortalArgon2Hasher.verify = plain
        for name, value in before.items():
            setattr(PortalArgon2Hasher, name, value)
