"""The benchmark of the pages plays a whole first day and holds every step to its aims (R22)."""

import pytest

from bench import pages
from bench.visit import Cost
from tests.personas import persona


def without_savepoints(cost: Cost) -> int:
    """A test runs in a transaction of its own, in which each of ours becomes a savepoint."""
    return sum("SAVEPOINT" not in statement for statement in cost.statements)


@pytest.mark.django_db
def test_the_first_day_of_a_member_is_played_whole_and_within_its_statements():
    costs = list(pages.one_visit(persona("lamy")))
    met = {(cost.method, cost.path): without_savepoints(cost) for cost in costs}
    assert ("POST", "/inscription/conditions/") in met
    assert ("GET", "/mon-compte/reception/") in met
    assert met["GET", pages.SPACE] <= pages.SPACE_SQL
    steps = {path: count for (_, path), count in met.items() if path.startswith("/inscription/")}
    # The last click of a registration writes nine rows, once in a member's life.
    assert steps.pop("/inscription/conditions/") <= 20
    assert max(steps.values()) <= pages.AIMS["SQL"], steps
    assert all(cost.cpu_ms > 0 for cost in costs)


@pytest.mark.django_db
def test_every_page_weighs_less_than_its_aim():
    heavy = {
        cost.path: weight
        for cost in pages.one_visit(persona("lamy"))
        if cost.method == "GET" and (weight := pages.first_load_bytes(cost.html) / 1000) > pages.AIMS["first load kB"]
    }
    assert heavy == {}


def test_a_missed_aim_is_named():
    found = {"SQL": 13, "CPU ms": 24.9, "first load kB": 50.1}
    assert pages.missed("/inscription/profil/", found) == ["SQL ≤ 12", "first load kB ≤ 50"]
    assert pages.missed(pages.SPACE, found) == ["first load kB ≤ 50"]


@pytest.mark.parametrize(("percent", "expected"), [(50, 5.0), (95, 10.0), (10, 1.0), (100, 10.0)])
def test_a_percentile_is_a_figure_that_was_measured(percent, expected):
    assert pages.percentile([float(number) for number in range(1, 11)], percent) == expected
