"""The support desk over the whole registry: every list with its filters and far pages, then calls (issue 5, R22)."""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Agent, ChangedLimit, Consultation, Entry, Role
from accounts.sign_in import How
from accounts.support import roles, site
from accounts.support.admin import RoleAdmin
from accounts.support.journal.period import FROM, MOST_DAYS, TO
from accounts.support.scope import Scope
from bench import registry, support_calls, support_rows
from bench.pages import expect, percentile
from bench.visit import Cost, Visitor
from tests.agents import an_agent
from tests.browser.states.cookies import signed_in

FULL, SMALL, WARM_UP = 30, 2, 1
FAR = (2, 10, 100)
SQL, P95_MS = 10, 300.0
SMALL_CAISSE = "87"
# Of what a select box offers: the large caisse's, a small one's, what happens all the time and what never does.
CHOSEN = {
    "department": ("67", "23"),
    "caisse": (support_rows.LARGE, SMALL_CAISSE),
    "event": ("sign_in:succeeded", "registration:refused", "client:registered"),
}
SELECT = re.compile(r'<select[^>]* name="(\w+)".*?</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
OPEN = "Ouvrir cette demande"
OF_THE_PROCESS = ChangedLimit._meta.db_table


def run(small: bool) -> list[dict]:
    members, rounds = (registry.SMALL, SMALL) if small else (registry.FULL, FULL)
    registry.present(members)
    support_rows.fill(members, now=timezone.now())
    costs: dict[str, dict[str, list[Cost]]] = defaultdict(lambda: defaultdict(list))
    for who, agent in agents():
        places = list(addresses(agent))
        callers = support_calls.Callers.of(agent)
        for number in range(WARM_UP + rounds):
            taken = [*lists(agent, places), *support_calls.calls(agent, callers, number)]
            if number >= WARM_UP:
                for what, place, cost in taken:
                    costs[f"{who}: {what}"][place].append(cost)
    rows = [row(what, taken, members) for what, taken in costs.items()]
    return [*rows, support_calls.export(members)]


def agents() -> Iterator[tuple[str, Account]]:
    yield "large caisse", an_agent(Role.LEAD, caisse=support_rows.LARGE)
    yield "small caisse", an_agent(Role.LEAD, caisse=SMALL_CAISSE)
    yield "national", an_agent(Role.NATIONAL)
    yield "auditor", an_agent(Role.AUDITOR)
    yield "operator", an_agent(Role.OPERATOR)


# Lists ----------------------------------------------------------------------------------------------------------------


def addresses(agent: Account) -> Iterator[tuple[str, str]]:
    """Every list that this agent's home page has: its filters, alone and two together, its far pages, one row."""
    visitor = at_desk(agent)
    # Django reads which lists there are with the first request.
    expect(200, visitor.visit("/support/"))
    yield "home", "/support/"
    if roles.may(agent, roles.May.SEE_LIMITS):
        yield "limits", reverse("admin:limits")
    for each in site.lists():
        if roles.may(agent, each.see):
            yield from of_list(each, agent, visitor)


def of_list(each: RoleAdmin[Any], agent: Account, visitor: Visitor) -> Iterator[tuple[str, str]]:
    name = f"{each.opts.app_label}_{each.opts.model_name}"
    place = reverse(f"admin:{name}_changelist")
    html = expect(200, visitor.visit(place)).html
    links = list(dict.fromkeys(address for _, address in visitor.page.links))
    yield name, place
    alone, together = filters(links, html)
    yield from ((f"{name}, one filter", f"{place}?{query}") for query in alone)
    yield from ((f"{name}, two filters", f"{place}?{query}") for query in together)
    if each.model is Entry:
        yield from of_journal(name, place, alone, together)
    else:
        far = [f"p={number}" for number in FAR] + [f"{query}&p={FAR[-1]}" for query in alone]
        yield from ((f"{name}, far pages", f"{place}?{query}") for query in far)
    if each.search_fields:
        yield from (
            (f"{name}, searched", f"{place}?{urlencode({'q': text})}") for text in ("ACDEFGHJKM", known(each, agent))
        )
    yield from ((f"{name}, one row", link) for link in rows_of(links, place)[:1])


def filters(links: Iterable[str], html: str) -> tuple[list[str], list[str]]:
    """Each by itself; each pair of which one is a link or a box and the other a box."""
    states = [link[1:] for link in links if re.match(r"\?\w", link) and not re.match(r"\?(p|avant)=", link)]
    boxes = [
        [f"{name}={value}" for value in CHOSEN[name] if value in OPTION.findall(box)]
        for name, box in ((found[1], found[0]) for found in SELECT.finditer(html))
        if name in CHOSEN
    ]
    pairs = [(one, other) for place, box in enumerate(boxes) for other in box for one in (states, *boxes[:place])]
    together = [f"{first}&{other}" for firsts, other in pairs for first in firsts]
    return [*states, *(query for box in boxes for query in box)], together


def of_journal(name: str, place: str, alone: list[str], together: list[str]) -> Iterator[tuple[str, str]]:
    """Over a whole month too, and onward from a line in the middle of it."""
    today = timezone.localdate()
    month = urlencode({FROM: today - timedelta(days=MOST_DAYS - 1), TO: today})
    yield from ((f"{name}, a month and filters", f"{place}?{month}&{query}") for query in (*alone, *together))
    middle = Entry.objects.filter(at__lt=timezone.now() - timedelta(days=MOST_DAYS / 2)).order_by("-at")[0].pk
    onward = [f"avant={middle}", *(f"avant={middle}&{query}" for query in alone)]
    yield from ((f"{name}, far pages", f"{place}?{month}&{query}") for query in onward)


def known(each: RoleAdmin[Any], agent: Account) -> str:
    """What finds a row of this list."""
    first = each.in_scope(each.model._default_manager.all(), Scope.of(agent)).order_by("pk").first()
    if isinstance(first, Agent):
        return first.account.email or ""
    return str(getattr(first, each.search_fields[0], "ACDEFGHJKM"))


def rows_of(links: Iterable[str], place: str) -> list[str]:
    return [link for link in links if link.startswith(place) and link.endswith("/change/")]


def lists(agent: Account, places: list[tuple[str, str]]) -> Iterator[tuple[str, str, Cost]]:
    """A row of a work list is opened by its button, each time anew."""
    Consultation.objects.filter(agent=agent).delete()
    visitor = at_desk(agent)
    for what, place in places:
        cost = expect(200, visitor.visit(place))
        if any(OPEN in button.text for form in visitor.page.forms for button in form.buttons):
            yield f"{what}, before it is opened", place, cost
            yield f"{what}, its button pressed", place, expect(302, visitor.press(OPEN))
            cost = expect(200, visitor.visit(place))
        yield what, place, cost


def at_desk(agent: Account) -> Visitor:
    return Visitor(cookies=signed_in(agent, How.AGENT))


def asked(cost: Cost) -> int:
    """Statements of the page itself: what each process reads again every ten seconds is nobody's."""
    return sum(OF_THE_PROCESS not in statement for statement in cost.statements)


def row(what: str, taken: dict[str, list[Cost]], members: int) -> dict[str, Any]:
    """Of several addresses the slowest one counts: a slow filter does not hide behind quick ones."""
    costs = [cost for each in taken.values() for cost in each]
    p95s = {place: percentile(sorted(cost.wall_ms for cost in each), 95) for place, each in taken.items()}
    slowest = max(p95s, key=p95s.__getitem__)
    found: dict[str, Any] = {
        "what": what,
        "members": f"{members:,}",
        "pages": len(costs),
        "SQL": max(map(asked, costs)),
        "CPU ms": round(statistics.median(cost.cpu_ms for cost in taken[slowest]), 1),
        "of PostgreSQL": round(statistics.median(cost.database_ms for cost in taken[slowest]), 1),
        "p50 ms": round(statistics.median(cost.wall_ms for cost in taken[slowest]), 1),
        "p95 ms": round(p95s[slowest], 1),
    }
    aims = {"SQL": SQL, "p95 ms": P95_MS}
    missed = ", ".join(f"{name} ≤ {aim:g}" for name, aim in aims.items() if found[name] > aim)
    return {**found, "missed": missed, "the slowest of them": slowest.partition("?")[2] if len(taken) > 1 else ""}
