"""The benchmark of the desk sees every list, and none of its pages needs more than ten statements (issue 5, R22)."""

from collections import defaultdict

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.support import site
from bench import support, support_rows
from tests.agents import an_agent
from tests.bench.test_pages import without_savepoints
from tests.personas import persona


@pytest.mark.django_db
def test_every_page_of_the_desk_asks_ten_statements_at_most():
    """Issue 5, Support desk 10: for each role, each list with its filters, search, a member's file."""
    nirs = [persona(slug).nir.number for slug in ("lamy", "keller")]
    support_rows.fill(2 * support_rows.SHARE, now=timezone.now())
    met = defaultdict(int)
    for role in Role.values:
        agent = an_agent(role)
        places = list(support.addresses(agent))
        for what, cost in [*support.lists(agent, places), *support.one_call(agent, nirs, 0)]:
            met[what] = max(met[what], without_savepoints(cost))
    assert {f"{each.opts.app_label}_{each.opts.model_name}" for each in site.lists()} <= set(met)
    assert {"home", "search by name and birth date", "file"} <= set(met)
    assert {what: count for what, count in met.items() if count > support.SQL} == {}
