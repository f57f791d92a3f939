"""The support desk over the whole registry: home, lists with their filters, search, a member's file (issue 5, R22)."""

import csv
import random
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Member, Role, Throttle, login_of_nir
from accounts.sign_in import How
from accounts.support import roles, site
from bench import registry, support_rows
from bench.pages import expect, percentile
from bench.visit import Cost, Visitor
from tests.agents import ALSACE, an_agent
from tests.browser.states.cookies import signed_in

FULL, SMALL, WARM_UP = 30, 6, 1
# So many filters of a list, the first ones; so many members are looked for.
FILTERS, SAMPLE = 8, 400
SQL, P95_MS = 10, 300.0
SEARCH = "/support/adherents/"


def run(small: bool) -> list[dict]:
    members, rounds = (registry.SMALL, SMALL) if small else (registry.FULL, FULL)
    directory = registry.delivered(members)
    if Member.objects.count() < members:
        registry.execute(f"TRUNCATE {', '.join(registry.TABLES)} CASCADE")
        registry.import_seconds(directory)
    support_rows.fill(members, now=timezone.now())
    of_alsace = sample(directory)
    costs: dict[str, list[Cost]] = defaultdict(list)
    for role in (Role.LEAD, Role.NATIONAL, Role.AUDITOR, Role.OPERATOR):
        agent = an_agent(role)
        places = list(addresses(agent))
        for number in range(WARM_UP + rounds):
            taken = [*lists(agent, places), *one_call(agent, of_alsace, number)]
            if number >= WARM_UP:
                for what, cost in taken:
                    costs[f"{role}: {what}"].append(cost)
    return [row(what, taken, members) for what, taken in costs.items()]


# Lists ----------------------------------------------------------------------------------------------------------------


def addresses(agent: Account) -> Iterator[tuple[str, str]]:
    """Every list that this agent's home page has; each with its filters, its next page, its search and one row."""
    visitor = at_desk(agent)
    # Django reads which lists there are with the first request.
    expect(200, visitor.visit("/support/"))
    yield "home", "/support/"
    for each in site.lists():
        if not roles.may(agent, each.see):
            continue
        name = f"{each.opts.app_label}_{each.opts.model_name}"
        place = reverse(f"admin:{name}_changelist")
        expect(200, visitor.visit(place))
        yield name, place
        links = list(dict.fromkeys(address for _, address in visitor.page.links))
        yield from ((f"{name}, filtered", place + link) for link in filters(links))
        if each.search_fields:
            yield f"{name}, searched", f"{place}?q=ACDEFGHJKM"
        yield from ((f"{name}, one row", link) for link in rows_of(links, place)[:1])


def filters(links: Iterable[str]) -> list[str]:
    return [link for link in links if link.startswith("?") and link != "?"][:FILTERS]


def rows_of(links: Iterable[str], place: str) -> list[str]:
    return [link for link in links if link.startswith(place) and link.endswith("/change/")]


def lists(agent: Account, places: list[tuple[str, str]]) -> Iterator[tuple[str, Cost]]:
    visitor = at_desk(agent)
    for what, place in places:
        yield what, expect(200, visitor.visit(place))


# A member who calls ---------------------------------------------------------------------------------------------------


def one_call(agent: Account, nirs: list[str], number: int) -> Iterator[tuple[str, Cost]]:
    """Looked for in each way; then the file, for a reason."""
    if not roles.may(agent, roles.May.SEE_MEMBERS):
        return
    Throttle.objects.all().delete()
    visitor, member = at_desk(agent), known(nirs[number % len(nirs)])
    looked_for = {
        "by number": {"nir": member.nir.number},
        "by name and birth date": {"name": member.birth_name, "birth_date": member.birth_date.typed},
        "by e-mail": {"email": with_account(agent, number).email},
        "by a code that nobody has": {"code": "ACDEFGHJKM"},
    }
    for what, typed in looked_for.items():
        visitor.visit(SEARCH)
        yield (
            f"search {what}",
            expect(200, visitor.press("Chercher", **{key: str(text) for key, text in typed.items()})),
        )
    visitor.visit(SEARCH)
    someone = with_account(agent, number).member
    assert someone
    expect(200, visitor.press("Chercher", nir=someone.nir.number))
    [place] = [link for _, link in visitor.page.links if link.startswith(SEARCH) and link != SEARCH]
    yield "file, before a reason", expect(200, visitor.visit(place))
    if any("reason" in form.names for form in visitor.page.forms):
        yield "file, the reason sent", expect(302, visitor.press("Ouvrir le dossier", reason="call"))
    yield "file", expect(200, visitor.visit(place))


def known(nir: str) -> Member:
    return Member.objects.get(nir_fingerprint=login_of_nir(nir))


def with_account(agent: Account, number: int) -> Account:
    """A member of Alsace who has lines in the journal."""
    rows = Account.objects.filter(member__affiliations__department__in=alsace()).select_related("member")
    return rows.order_by("pk")[number % SAMPLE]


def alsace() -> list[str]:
    return [each.code for each in DEPARTMENTS.values() if each.caisse.code == ALSACE]


def sample(directory: Path) -> list[str]:
    """Numbers of this caisse, in no order."""
    wanted = set(alsace())
    with (directory / "affiliations.csv").open(encoding="utf-8") as file:
        nirs = list(islice((line["nir"] for line in csv.DictReader(file) if line["department"] in wanted), 10 * SAMPLE))
    random.Random(support_rows.SEED).shuffle(nirs)
    return nirs[:SAMPLE]


def at_desk(agent: Account) -> Visitor:
    return Visitor(cookies=signed_in(agent, How.AGENT))


def row(what: str, costs: list[Cost], members: int) -> dict[str, Any]:
    walls = sorted(cost.wall_ms for cost in costs)
    found: dict[str, Any] = {
        "what": what,
        "members": f"{members:,}",
        "pages": len(costs),
        "SQL": max(len(cost.statements) for cost in costs),
        "CPU ms": round(statistics.median(cost.cpu_ms for cost in costs), 1),
        "of PostgreSQL": round(statistics.median(cost.database_ms for cost in costs), 1),
        "p50 ms": round(statistics.median(walls), 1),
        "p95 ms": round(percentile(walls, 95), 1),
    }
    aims = {"SQL": SQL, "p95 ms": P95_MS}
    return {**found, "missed": ", ".join(f"{name} ≤ {aim:g}" for name, aim in aims.items() if found[name] > aim)}
