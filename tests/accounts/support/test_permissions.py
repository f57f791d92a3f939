"""Every list of the desk, those of tomorrow included: its rows, its tampered addresses, its queries (issue 5, R20).

Who may do what stands in permission_table.py, and is tried by test_permission_table.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import RelatedFieldListFilter
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import OF_A_CAISSE as ROLES_OF_A_CAISSE
from accounts.models import Account, Entry, Event, Role
from accounts.support import site
from accounts.support.admin import RoleAdmin
from accounts.support.listing import MOST_PAGES, OnwardList
from accounts.support.refusals import KEY
from accounts.support.roles import ROLES, May, may
from accounts.support.scope import Scope
from msa_portal.urls import DESK
from tests.accounts.support.permission_table import LINES
from tests.accounts.support.rows import OF_A_CAISSE, OF_NO_CAISSE, row_of
from tests.agents import ALSACE, ELSEWHERE, an_agent, at_desk
from tests.members import a_member, affiliate, an_account
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
# Reading the addresses has put every list there.
assert DESK
LISTS = {each.opts.label: each for each in site.lists()}
ROLE_ON_LIST = [pytest.param(role, label, id=f"{role}-{label}") for label in LISTS for role in Role]


def place(model_admin: RoleAdmin[Any], page: str, *args: Any) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{page}", args=args)


def status(caller: Caller, address: str, **form: str) -> int:
    caller.client.handler.enforce_csrf_checks = False
    answer = caller.client.post(address, form) if form else caller.client.get(address)
    return int(answer.status_code)


def refused() -> int:
    return Entry.objects.filter(event=Event.SUPPORT_REFUSED).count()


def test_every_list_of_the_desk_is_in_this_table():
    """Who adds a list adds a row to tests/accounts/support/rows.py; then the rest of this file tries it."""
    assert {each.model for each in site.lists()} == {*OF_A_CAISSE, *OF_NO_CAISSE}
    assert len(site.lists()) == len(site._registry)


@pytest.mark.parametrize(("role", "label"), ROLE_ON_LIST)
@pytest.mark.parametrize("caisse", [ALSACE, ELSEWHERE], ids=["own", "other"])
def test_one_row_in_the_list(role, label, caisse):
    model_admin, account = LISTS[label], an_agent(role)
    name = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_change"
    line = next(each for each in LINES if each.name == name and "get" in each.methods)
    if line.cells[role] == "-":
        return
    row = row_of(model_admin.model, caisse)
    here = line.lets(role, own=caisse == ALSACE or role not in ROLES_OF_A_CAISSE)
    scope = Scope.of(account)
    seen = model_admin.in_scope(model_admin.model._default_manager.all(), scope)
    assert seen.filter(pk=row.pk).exists() is here


@pytest.mark.parametrize("role", Role)
def test_django_s_own_questions_have_the_table_s_answers(role):
    account = an_agent(role)
    for label, model_admin in LISTS.items():
        app, name = label.lower().split(".")
        for verb, what in (("view", model_admin.see), ("change", model_admin.change), ("add", model_admin.add)):
            assert account.has_perm(f"{app}.{verb}_{name}") is (what is not None and may(account, what))
        assert not account.has_perm(f"{app}.delete_{name}")


# Tampering ------------------------------------------------------------------------------------------------------------

TAMPERED = [
    "p=0", "p=-1", f"p={MOST_PAGES + 1}", "department=13", "x__caisse=13", "nothing__exact=1", "_to_field=seed",
    "caisse__exact=13", "caisse__in=68,13", "account__password__startswith=a", "x=%00", "role__exact=chief",
]  # fmt: skip


def an_agent_who_may(what: May) -> Account:
    """Of a caisse when such a role may, for its scope is the narrow one."""
    return an_agent(next(role for role in Role if what in ROLES[role]))


@pytest.mark.parametrize("label", LISTS)
@pytest.mark.parametrize("query", TAMPERED)
def test_a_tampered_list_is_not_found_and_told(label, query):
    """Issue 5, faults: pages beyond, filters nobody offered, other caisses, columns of other tables."""
    model_admin = LISTS[label]
    account = an_agent_who_may(model_admin.see)
    if Scope.of(account).is_everywhere and query.startswith(("department", "caisse", "x__caisse")):
        query = "nothing__exact=1"
    assert status(at_desk(account), f"{place(model_admin, 'changelist')}?{query}") == 404
    assert refused() == 1


@pytest.mark.parametrize("label", LISTS)
def test_no_column_is_asked_about_in_the_address(label):
    """Page after page of « begins with »: whoever names a column reads what no list shows, a secret's hash as well."""
    model_admin = LISTS[label]
    columns = [each.name for each in model_admin.opts.concrete_fields]
    for column in ("pk", *columns):
        for lookup in ("startswith=a", "isnull=0", "regex=(a%2B)%2B$", "gt=x"):
            caller = at_desk(an_agent_who_may(model_admin.see))
            assert status(caller, f"{place(model_admin, 'changelist')}?{column}__{lookup}") == 404, (column, lookup)


@pytest.mark.parametrize("label", LISTS)
@pytest.mark.parametrize("key", ["0", "999999999", "x", "%00", "1630967482229", "00000000-0000-4000-8000-000000000000"])
def test_a_row_that_is_not_there_is_told_without_what_was_typed(label, key):
    """R20: a NIR that somebody types into an address does not reach the journal."""
    model_admin = LISTS[label]
    caller = at_desk(an_agent_who_may(model_admin.see))
    address = place(model_admin, "change", "KEY").replace("KEY", key)
    assert status(caller, address) == 404
    [line] = Entry.objects.filter(event=Event.SUPPORT_REFUSED)
    assert line.detail["why"] == "scope"
    assert "1630967482229" not in str(line.detail)


def test_what_may_be_a_nir_is_no_key():
    for typed in ("1630967482229", "163096748222942", "1 63 09", "a" * 36):
        assert not KEY.fullmatch(typed)


def test_nothing_is_looked_up_by_its_number_elsewhere():
    """No autocomplete, no « view on site », no second door: Django's pages that any list could be read by."""
    caller = at_desk(an_agent(Role.NATIONAL))
    for closed in ("autocomplete", "view_on_site", "login", "logout", "password_change"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{closed}")
    for address in ("/support/autocomplete/?app_label=accounts&model_name=agent", "/support/r/1/1/"):
        assert status(caller, address) == 404


def test_only_what_asks_the_table_stands_at_the_desk():
    with pytest.raises(ImproperlyConfigured):
        site.register(Account)


# What costs nothing, however long the list ----------------------------------------------------------------------------


@pytest.mark.parametrize("label", LISTS)
def test_a_list_counts_nothing_and_asks_little(label):
    """Issue 5, 10: at most ten statements, none of them a count of the table."""
    model_admin = LISTS[label]
    caller = at_desk(an_agent_who_may(model_admin.see))
    for caisse in (ALSACE, ELSEWHERE) if model_admin.model in OF_A_CAISSE else (ALSACE,):
        row_of(model_admin.model, caisse)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert status(caller, place(model_admin, "changelist")) == 200
    assert len(asked) <= 10, [each["sql"] for each in asked]
    counts = [each["sql"] for each in asked if "COUNT(" in each["sql"].upper()]
    assert counts == []


def unbounded(model_admin: RoleAdmin[Any]) -> Iterator[str]:
    """What would read a whole table to be drawn."""
    for each in model_admin.list_filter or ():
        field = each[0] if isinstance(each, tuple) else each
        if isinstance(each, tuple) and each[1] is RelatedFieldListFilter:
            yield f"filter {field}"
        if isinstance(field, str):
            named = model_admin.opts.get_field(field.partition("__")[0])
            if named.is_relation and "__" not in field:
                yield f"filter {field}"
    for name in (*model_admin.autocomplete_fields, *model_admin.filter_horizontal, *model_admin.filter_vertical):
        yield f"box {name}"
    if model_admin.show_full_result_count or model_admin.date_hierarchy:
        yield "count"


@pytest.mark.parametrize("label", LISTS)
def test_no_list_offers_a_whole_table(label):
    """Issue 5, 10."""
    assert list(unbounded(LISTS[label])) == []
    assert issubclass(LISTS[label].get_changelist(None), OnwardList)  # type: ignore[arg-type]


def test_pages_follow_each_other_without_a_count(monkeypatch):
    """« Page suivante » as long as there is one more row."""
    model_admin = LISTS["accounts.Agent"]
    monkeypatch.setattr(model_admin, "list_per_page", 2)
    for _ in range(4):
        an_agent()
    caller = at_desk(an_agent(Role.LEAD)).visit(place(model_admin, "changelist"))
    caller.does_not_see("Page précédente").follow("Page suivante").sees("Page 2")
    caller.follow("Page suivante").sees("Page 3").does_not_see("Page suivante")
    caller.follow("Page précédente").sees("Page 2")
    assert status(caller, f"{place(model_admin, 'changelist')}?p=9") == 200
    caller.visit(f"{place(model_admin, 'changelist')}?role__exact=lead&etat=left").sees("Rien à afficher ici.")


# The scope itself -----------------------------------------------------------------------------------------------------


def test_a_member_of_two_caisses_is_both_s():
    """Issue 5, 2: an affiliation in the caisse's departments, past ones included."""
    alsace, provence, everywhere = (
        Scope.of(each) for each in (an_agent(), an_agent(caisse=ELSEWHERE), an_agent(Role.NATIONAL))
    )
    member = a_member()
    members = type(member).objects.all()
    assert [scope.members(members).exists() for scope in (alsace, provence, everywhere)] == [True, False, True]
    affiliate(member, "13")
    assert [scope.members(members).exists() for scope in (alsace, provence, everywhere)] == [True, True, True]
    accounts = Account.objects.filter(pk=an_account(member).pk)
    assert provence.members(accounts, path="member").exists()


def test_every_role_has_its_line_in_the_table():
    assert set(ROLES) == set(Role)
    assert not ROLES[Role.AUDITOR] & {May.SEE_MEMBERS, May.SEE_NIR, May.MANAGE_AGENTS, May.MANAGE_CLIENTS}
    assert not ROLES[Role.OPERATOR] & {May.SEE_MEMBERS, May.SEE_NIR, May.SEE_JOURNAL}
    assert {what for may_do in ROLES.values() for what in may_do} == set(May)
