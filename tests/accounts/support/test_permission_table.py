"""Role × address × verb × own or another caisse, for the whole desk (issue 5, Support desk 2; R20, R21)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import models
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from accounts.models import OF_A_CAISSE as ROLES_OF_A_CAISSE
from accounts.models import Entry, Event, Role
from accounts.support import site
from accounts.support.admin import RoleAdmin
from accounts.support.file import file_address
from accounts.support.file.acts import ACTS
from enrolment import companies
from enrolment.models import RegistrationRequest
from msa_portal.urls import DESK
from tests.accounts.support import rows
from tests.accounts.support.permission_table import DOOR, LINES, Line
from tests.agents import ALSACE, ELSEWHERE, an_agent, at_desk
from tests.companies import KNOWN, OTHER_SIRET, SIRET, a_request
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
# Reading the addresses has put every list there.
assert DESK
LISTS = {each.opts.label: each for each in site.lists()}


def addresses(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """The name of each; those without one lead on to a page that has one."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns)
        elif each.name:
            yield each.name


def test_every_address_of_the_desk_has_its_line():
    """Who adds a list, a page, a decision or an act writes down whose it is, in permission_table.py beside this."""
    assert {each.name for each in LINES} == set(addresses(site.get_urls())) - DOOR
    assert {each.variant for each in LINES if each.name == "member_act"} == set(ACTS)
    assert {each.variant for each in LINES if each.name == "app_list"} == {
        each.opts.app_label for each in LISTS.values()
    }
    asked = [(each.name, each.variant, method) for each in LINES for method in each.methods]
    assert len(set(asked)) == len(asked)


@dataclass(frozen=True)
class Asked:
    """An address with its row, and what is in the form: as little as makes the page look at who asks."""

    address: str
    row: models.Model | None = None

    def answers(self, caller: Caller, method: str) -> int:
        caller.client.handler.enforce_csrf_checks = False
        form = {"seen": "1"} if method == "post" else {}
        answer = getattr(caller.client, method)(self.address, form)
        led = answer.get("Location", "")
        assert "/connexion/" not in led, f"{self.address} leads to {led}"
        return int(answer.status_code)

    def stands(self) -> Any:
        return type(self.row)._default_manager.filter(pk=self.row.pk).values().get() if self.row else None


def an_other_declarant(caisse: str) -> models.Model:
    row = rows.a_registration_request(caisse)
    type(row)._default_manager.filter(pk=row.pk).update(kind="other")  # type: ignore[attr-defined]
    return row


def a_company_s_request(caisse: str) -> models.Model:
    """Accepted: its letter was lost."""
    department, siret = rows.a_department_of(caisse), SIRET if caisse == ALSACE else OTHER_SIRET
    before = RegistrationRequest.objects.filter(department=department).first()
    if before is not None:
        return before
    request = a_request(reference=f"ACDE-{siret[:4]}", department=department, siret=siret)
    assert companies.accept(request, establishment=KNOWN, by=an_agent(), now=timezone.now())
    return request


# Where the row of a list is not yet what this verb is for.
PREPARED = {
    "enrolment_registrationrequest_accepter-autre": an_other_declarant,
    "enrolment_registrationrequest_autre-code": a_company_s_request,
}
ADDRESSED = {"member_file", "member_open", "member_nir", "member_act"}
# What stands in an address that is neither a row nor a member.
NAMED = {"limit": ["sign_in_day"], "limit_restore": ["sign_in_day"]}
# Verbs of a row whose address does not begin with the name of its list.
OF_LIST = {
    "agent_link": "accounts.Agent",
    "agent_leave": "accounts.Agent",
    "letter_batch_posted": "accounts.LetterBatch",
    "letter_batch_again": "accounts.LetterBatch",
    "client_new_secret": "franceconnect.Client",
    "client_retire_secret": "franceconnect.Client",
}


def list_of(name: str) -> RoleAdmin[Any] | None:
    """Whose rows this address is about."""
    if name in OF_LIST:
        return LISTS[OF_LIST[name]]
    begins = {f"{each.opts.app_label}_{each.opts.model_name}_": each for each in LISTS.values()}
    found = next((each for start, each in begins.items() if name.startswith(start)), None)
    return None if name.endswith(("_changelist", "_add")) else found


def asked_for(line: Line, caisse: str) -> Asked:
    if line.name in ADDRESSED:
        member = rows.a_member_of(caisse).member
        assert member is not None
        more = [line.variant] if line.variant else []
        return Asked(reverse(f"admin:{line.name}", args=[file_address.of(member.pk), *more]))
    model_admin = list_of(line.name)
    if model_admin is None:
        return Asked(reverse(f"admin:{line.name}", args=NAMED.get(line.name, [line.variant] if line.variant else [])))
    row = PREPARED[line.name](caisse) if line.name in PREPARED else rows.row_of(model_admin.model, caisse)
    return Asked(reverse(f"admin:{line.name}", args=[row.pk]), row)


@pytest.mark.parametrize("line", LINES, ids=str)
def test_who_may(line, settings, tmp_path):
    """Issue 5, Support desk 2: each role, each way to ask, on a row of the own caisse and of another.

    What is not theirs is not found, changes nothing, and stands in the journal.
    """
    settings.LETTERS_DIR = tmp_path
    fresh: dict[str, Asked] = {}
    for role in Role:
        account = an_agent(role)
        caller, refusals = at_desk(account), 0
        for caisse, method in product((ALSACE, ELSEWHERE), sorted(line.methods)):
            asked = fresh.get(caisse) or fresh.setdefault(caisse, asked_for(line, caisse))
            before, status = asked.stands(), asked.answers(caller, method)
            if line.lets(role, own=caisse == ALSACE or role not in ROLES_OF_A_CAISSE):
                # What was not filled in is told in words.
                assert status in (200, 302, 400), f"{role} {method} {asked.address}: {status}"
                fresh.pop(caisse)
            else:
                assert status == 404, f"{role} {method} {asked.address}: {status}"
                assert asked.stands() == before
                refusals += 1
        noted = Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=account.pk)
        assert noted.count() == refusals, role


@pytest.mark.parametrize("name", sorted({each.name for each in LINES}))
def test_an_address_takes_no_other_method(name):
    """A page that comes to take a form writes that down as well."""
    lines = [each for each in LINES if each.name == name]
    others = {"get", "post", "put", "delete", "patch"} - {method for each in lines for method in each.methods}
    line = next((each for each in lines if each.is_for_somebody), lines[0])
    role = next((each for each in Role if line.lets(each, own=True)), Role.NATIONAL)
    caller, asked = at_desk(an_agent(role)), asked_for(line, ALSACE)
    before = asked.stands()
    for method in sorted(others & {"get", "post"}):
        assert asked.answers(caller, method) == 405, method
    for method in sorted(others - {"get", "post"}):
        asked.answers(caller, method)
    assert asked.stands() == before
