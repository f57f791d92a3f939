"""How much waits in each list, on the desk's home page: a hundred rows are enough to say so (issue 5, no. 5 and 10)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from accounts.support.desk import site
from accounts.support.roles import May, may
from accounts.support.scope import Scope

MOST = 100


@dataclass(frozen=True)
class Count:
    """How much waits, as the home page tells it; `url` is the name of the list's address."""

    slug: str
    label: str
    rows: Callable[[Scope], "models.QuerySet[Any]"]
    url: str
    what: May

    def first(self, scope: Scope) -> "models.QuerySet[Any]":
        """Nobody needs to know how many thousands there are, and a whole table is never counted."""
        return self.rows(scope).order_by()[:MOST]

    def counted(self, scope: Scope) -> int:
        return self.first(scope).count()


COUNTS: dict[str, Count] = {}


def count(slug: str, label: str, rows: Callable[[Scope], "models.QuerySet[Any]"], url: str, *, what: May) -> None:
    """This waits, for whom the table of roles allows it."""
    COUNTS[slug] = Count(slug, label, rows, url, what)


@dataclass(frozen=True)
class Waiting:
    """One line of the home page."""

    label: str
    shown: str
    url: str


@site.home_part("support/work.html", place=20)
def on_the_home_page(request: HttpRequest) -> dict[str, Any] | None:
    account = request.user
    assert isinstance(account, Account)
    scope = Scope.of(account)
    counts = [each for each in COUNTS.values() if may(account, each.what)]
    found = counted_at_once(counts, scope)
    lines = [_waiting(each, found[each.slug]) for each in counts]
    return {"lines": lines} if lines else None


def counted_at_once(counts: list[Count], scope: Scope) -> Mapping[str, int]:
    """In one statement, where the database takes the first rows of several tables in one."""
    if not connection.features.supports_slicing_ordering_in_compound:
        return {each.slug: each.counted(scope) for each in counts}
    told = [each.first(scope).values_list(Value(each.slug, models.CharField())) for each in counts]
    return Counter(slug for (slug,) in (told[0].union(*told[1:], all=True) if told else ()))


def _waiting(each: Count, found: int) -> Waiting:
    return Waiting(each.label, f"{MOST} et plus" if found >= MOST else str(found), reverse(f"admin:{each.url}"))
