"""The desk's lists: each cell says its column, and none of Django's style sheets is asked for (R22)."""

import pytest
from django.utils.safestring import mark_safe

from accounts.models import Role
from accounts.templatetags.desk import labelled
from tests.agents import an_agent, at_desk
from tests.stories.caller import Caller


def test_each_cell_says_its_column_and_nothing_is_undone():
    """What is escaped stays so, a column's name as well; a head of a row and the column of ticks have none."""
    cells = [
        mark_safe('<td class="action-checkbox"><input></td>'),
        mark_safe('<th class="field-name"><a href="/">Dupré</a></th>'),
        mark_safe('<td class="field-state">&lt;b&gt; <td</td>'),
    ]
    headers = [{"text": mark_safe("<input>")}, {"text": "nom"}, {"text": 'état "d\'avant"'}]
    assert labelled(cells, headers) == [
        cells[0],
        cells[1],
        '<td data-label="État &quot;d&#x27;avant&quot;" class="field-state">&lt;b&gt; <td</td>',
    ]


@pytest.mark.django_db
def test_the_desk_has_the_portal_s_look_and_no_other():
    caller = at_desk(an_agent(Role.NATIONAL))
    for place in (
        "",
        "accounts/agent/",
        "accounts/agent/add/",
        "accounts/letter/",
        "mon-acces/",
        "mon-acces/telephone/",
    ):
        html = caller.visit(f"/support/{place}").response.content.decode()
        assert "css/msa" in html
        assert "admin/css" not in html, place
    assert 'data-label="Rôle"' in caller.visit("/support/accounts/agent/").response.content.decode()
    assert "admin/css" not in Caller().visit("/support/connexion/").response.content.decode()
