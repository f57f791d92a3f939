"""Where the time of an OpenID flow goes, by the part of the house or the library that spends it.

cProfile makes every call dearer, so shares count and not milliseconds; what the standard library and C do counts for
whoever called it. The last rows are the functions that lead to most of it.
"""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.provider.flow import discover, flow
from bench.provider.in_process import Inside, finished
from bench.provider.portal import DISCOVERY, signed_in_client

FLOWS, SMALL_FLOWS, WARM_UP, TOP = 400, 60, 10, 15
DEPTH = 12  # of neutral functions that call one another
ROOT = str(Path(__file__).resolve().parent.parent)
# The first that a path contains.
GROUPS = {
    "waiting for PostgreSQL": ("/psycopg/connection.py:wait",),
    "the driver": ("/psycopg", "/django/db/backends/", "/django/db/transaction"),
    "ORM": ("/django/db/", "/accounts/sealed.py", "/franceconnect/models/", "/accounts/models/"),
    "signing": (
        "/jwcrypto/",
        "/cryptography/",
        "/franceconnect/provider/jose.py",
        "/franceconnect/keys.py",
        "/ring.py",
    ),
    "oauthlib and its toolkit": ("/oauthlib/", "/oauth2_provider/"),
    "sessions and middleware": (
        "/middleware",
        "/contrib/sessions/",
        "/contrib/auth/",
        "/contrib/messages/",
        "/csp/",
        "/whitenoise/",
        "/sessions.py",
        "/member_session.py",
        "/visitor.py",
        "/circumstance.py",
    ),
    "templates": ("/django/template/", "/django/forms/", "/templatetags/"),
    "Django's requests and answers": ("/django/", "/asgiref/"),
    "journal": ("/accounts/journal.py",),
    "the provider": ("/franceconnect/", "/accounts/", "/msa_portal/"),
    "the benchmark": ("/bench/",),
}
Function = tuple[str, int, str]


def run(small: bool) -> list[dict]:
    flows = SMALL_FLOWS if small else FLOWS
    stats: dict[Function, Any] = profiled(flows).stats
    shares: dict[str, float] = defaultdict(float)
    for function, share_of in parts(stats).items():
        for group, share in (share_of or {"other": 1.0}).items():
            shares[group] += share * stats[function][2]
    shares.pop("the benchmark", None)
    whole = sum(shares.values())
    rows = [
        {"where": group, "share %": round(100 * own / whole, 1), "ms a flow, profiled": round(own / flows * 1000, 2)}
        for group, own in sorted(shares.items(), key=lambda item: -item[1])
    ]
    return rows + [*dearest(stats, flows, whole)]


def profiled(flows: int) -> pstats.Stats:
    client = signed_in_client(1)
    wire = Inside(watches=False)
    at = finished(discover(wire, DISCOVERY))
    profile = cProfile.Profile()
    for number in range(WARM_UP + flows):
        if number == WARM_UP:
            profile.enable()
        finished(flow(wire, at, client, client.cookies[0]))
    profile.disable()
    return pstats.Stats(profile)


def parts(stats: dict[Function, Any]) -> dict[Function, dict[str, float]]:
    """To whom each function's own time counts; that of a neutral one to its callers, as they used it."""
    found = {function: {group: 1.0} if (group := named(function)) else {} for function in stats}
    neutral = [function for function in stats if not found[function]]
    for _ in range(DEPTH):
        for function in neutral:
            found[function] = of_callers(stats[function][4], found)
    return found


def of_callers(callers: dict[Function, Any], found: dict[Function, dict[str, float]]) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for caller, (_, _, spent, _) in callers.items():
        for group, share in found[caller].items():
            shares[group] += share * spent
    whole = sum(shares.values())
    return {group: share / whole for group, share in shares.items()} if whole else {}


def named(function: Function) -> str | None:
    """The group of a file; none for C and the standard library."""
    file, _, name = function
    place = name if file == "~" else f"{file if 'site-packages' in file else file.replace(ROOT, '', 1)}:{name}"
    return next((group for group, marks in GROUPS.items() if any(mark in place for mark in marks)), None)


def dearest(stats: dict[Function, Any], flows: int, whole: float) -> Iterator[dict]:
    """Functions of ours by all that happens in their course."""
    ours = [function for function in stats if named(function) in ("the provider", "journal", "signing")]
    for function in sorted(ours, key=lambda each: -stats[each][3])[:TOP]:
        file, line, name = function
        total = stats[function][3]
        yield {
            "where": f"in {Path(file).relative_to(ROOT) if file.startswith(ROOT) else Path(file).name}: {name}",
            "share %": round(100 * total / whole, 1),
            "ms a flow, profiled": round(total / flows * 1000, 2),
        }
