"""Each step and page: time, processor, SQL statements and weight, along a registration and a first sign-in (R22)."""

import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator

from accounts.models import Account, Code, Email, KnownBrowser, Throttle
from bench.visit import Cost, Visitor
from bench.weight import first_load_bytes, page_bytes
from enrolment.models import Enrolment
from tests.personas import Known, persona
from tests.stories.registering import FIELDS, FINISH

FULL, SMALL, WARM_UP = 30, 6, 2
PUBLIC = (
    "/",
    "/aide/",
    "/conditions-generales/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/connexion/",
    "/mot-de-passe/oublie/",
)
SPACE = "/mon-espace/"
PRIVATE = (
    SPACE,
    "/mon-espace/paiements/",
    "/mon-compte/",
    "/mon-compte/email/",
    "/mon-compte/mot-de-passe/",
    "/mon-compte/telephones/",
    "/mon-compte/adresse/",
    "/mon-compte/reception/",
)
NEW_PASSWORD = "Verger+Tranquille7"
AIMS = {"SQL": 12, "CPU ms": 25, "first load kB": 50}
SPACE_SQL = 15
Meet = Callable[[Cost], Cost]


def run(small: bool) -> list[dict]:
    member = persona("lamy")
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    for number in range(WARM_UP + (SMALL if small else FULL)):
        met = list(one_visit(member))
        if number >= WARM_UP:
            for cost in met:
                costs[cost.method, cost.path].append(cost)
    return [row(*which, taken) for which, taken in costs.items()]


def one_visit(member: Known) -> Iterator[Cost]:
    """Everything a new member sees on the first day, then the pages of Mon espace privé."""
    forget(member)
    somebody = Visitor()
    for path in PUBLIC:
        yield expect(200, somebody.visit(path))
    yield from registration(somebody, member)
    yield from first_sign_in(somebody, member)
    for path in PRIVATE:
        yield expect(200, somebody.visit(path))


def forget(member: Known) -> None:
    """The member has no account yet, and nobody has tried anything."""
    accounts = Account.objects.filter(member=member.member)
    for model in (Code, KnownBrowser, Email):
        model.objects.filter(account__in=accounts).delete()
    accounts.delete()
    Enrolment.objects.all().delete()
    Throttle.objects.all().delete()


def registration(caller: Visitor, member: Known) -> Iterator[Cost]:
    path = follow(caller.visit("/inscription/"))
    while not path.endswith("/terminee/"):
        yield expect(200, caller.visit(path))
        slug = path.rstrip("/").rpartition("/")[2]
        answers = {name: member.typed[name] for name in FIELDS[slug]}
        sent = expect(302, caller.press(FINISH if slug == "conditions" else "Suivant", **answers))
        path = follow(sent)
        yield sent
    yield expect(200, caller.visit(path))


def first_sign_in(caller: Visitor, member: Known) -> Iterator[Cost]:
    yield expect(200, caller.visit("/connexion/"))
    sent = caller.press("Se connecter", login_id=member.nir.grouped, password=mailed_password(member))
    yield expect(302, sent)
    yield expect(200, caller.visit("/mot-de-passe/personnaliser/"))
    yield expect(302, caller.press("Valider", new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD))
    yield expect(200, caller.visit("/mot-de-passe/personnalise/"))
    yield expect(200, caller.visit("/coordonnees/confirmer/"))
    yield expect(302, caller.press("Je confirme mes coordonnées"))
    yield expect(200, caller.visit("/coordonnees/confirmees/"))


def mailed_password(member: Known) -> str:
    """As the member reads it in the e-mail that waits to be sent."""
    content = (
        Email.objects.filter(account__member=member.member, kind="temporary_password").latest("created_at").content
    )
    found = re.search(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}\b", content["text"])
    if found is None:
        raise RuntimeError("no password in the e-mail")
    return found[0]


def expect(status: int, cost: Cost) -> Cost:
    if cost.status != status:
        raise RuntimeError(f"{cost.method} {cost.path} answered {cost.status}, not {status}")
    return cost


def follow(cost: Cost) -> str:
    return expect(302, cost).location


def row(method: str, path: str, costs: list[Cost]) -> dict:
    walls = sorted(cost.wall_ms for cost in costs)
    found = {
        "what": f"{method} {path}",
        "SQL": max(len(cost.statements) for cost in costs),
        "CPU ms": round(statistics.median(cost.cpu_ms for cost in costs), 1),
        "of PostgreSQL": round(statistics.median(cost.database_ms for cost in costs), 1),
        "p50 ms": round(statistics.median(walls), 1),
        "p95 ms": round(percentile(walls, 95), 1),
    }
    if method == "GET":
        html = costs[-1].html
        found["page kB"] = kilobytes(len(html.encode()))
        found["compressed kB"] = kilobytes(page_bytes(html))
        found["first load kB"] = kilobytes(first_load_bytes(html))
    return {**found, "missed": ", ".join(missed(path, found))}


def missed(path: str, found: dict) -> list[str]:
    aims = AIMS | ({"SQL": SPACE_SQL} if path == SPACE else {})
    return [f"{name} ≤ {aim}" for name, aim in aims.items() if found.get(name, 0) > aim]


def percentile(in_order: list[float], percent: int) -> float:
    """The nearest rank: a figure that was really measured."""
    return in_order[max(0, -(-len(in_order) * percent // 100) - 1)]


def kilobytes(count: int) -> float:
    return round(count / 1000, 1)
