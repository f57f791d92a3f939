"""The benchmark of the desk sees every list, and none of its pages needs more than ten statements (issue 5, R22)."""

from collections import defaultdict

import pytest
from django.utils import timezone

from accounts.models import Consultation, Entry, Letter, Member, Role
from accounts.support import site
from bench import support, support_calls, support_lines, support_rows
from msa_portal.demo.personas import personas
from tests.agents import an_agent
from tests.bench.test_pages import without_savepoints
from tests.personas import persona


def savepoints(cost):
    return len(cost.statements) - without_savepoints(cost)


@pytest.fixture
def a_desk(db):
    """A few members with accounts, and all that years leave behind."""
    for each in personas(today=timezone.localdate())[:8]:
        assert persona(each.slug).member
    support_rows.fill(Member.objects.count() * support_rows.SHARE, now=timezone.now())


def test_every_page_of_the_desk_asks_ten_statements_at_most(a_desk):
    """Issue 5, Support desk 10: for each role, each list with its filters, search, a member's file."""
    met = defaultdict(int)
    for role in Role.values:
        agent = an_agent(role)
        places, callers = list(support.addresses(agent)), support_calls.Callers.of(agent)
        for what, _, cost in [*support.lists(agent, places), *support_calls.calls(agent, callers, 0)]:
            met[what] = max(met[what], support.asked(cost) - savepoints(cost))
    assert {f"{each.opts.app_label}_{each.opts.model_name}" for each in site.lists()} <= set(met)
    assert {"home", "limits", "search by name and birth date", "file", "code desk", "telephone, digits"} <= set(met)
    assert {"accounts_entry, two filters", "accounts_entry, far pages", "accounts_letter, far pages"} <= set(met)
    assert {what: count for what, count in met.items() if count > support.SQL} == {}


def test_nearly_all_is_decided_and_one_caisse_has_most(a_desk):
    """What the desk looks like after years is what its lists are measured over."""
    letters = Letter.objects.count()
    assert letters > support_lines.OLDER
    assert Letter.objects.filter(posted_at=None).count() < letters / 10
    assert Consultation.objects.count() > support_rows.LOOKS
    assert Entry.objects.count() >= support_lines.LINES


def test_an_export_ends_and_says_how_fast(a_desk):
    told = support_calls.export(100)
    assert told["lines/s"] > 0
    assert told["grew by MiB"] < 100


def test_a_slow_filter_does_not_hide_behind_quick_ones():
    quick, slow = (support_cost(wall_ms) for wall_ms in (1.0, 400.0))
    told = support.row("a list", {"?etat=waiting": [quick] * 100, "?etat=refused": [slow]}, 10)
    assert (told["p95 ms"], told["the slowest of them"]) == (400.0, "etat=refused")
    assert told["missed"] == "p95 ms ≤ 300"


def support_cost(wall_ms):
    return support.Cost("GET", "/", 200, "", "", wall_ms, wall_ms, 0.0, ())
