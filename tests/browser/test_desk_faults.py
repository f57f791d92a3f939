"""Two agents, a role, an import, a tampered form: what becomes of them at the screens (issue 5; R11, R20, R21)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, AddressChange, Entry, Event, Role
from accounts.registry import import_directory
from enrolment.departments import asking, deciding
from enrolment.models import DepartmentRequest
from tests.accounts.registry.files import affiliation, deliver
from tests.accounts.support import rows
from tests.agents import ALSACE, ELSEWHERE, an_agent
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk, at_desk
from tests.browser.journeys import Hand
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, persona, signed_in
from tests.departments import AIN, code_of

pytestmark = pytest.mark.browser
CHANGES, AGENTS = "/support/accounts/addresschange/", "/support/accounts/agent/"


def page_of(row: object) -> str:
    return f"{CHANGES}{row.pk}/change/"  # type: ignore[attr-defined]


def refusals(account: Account) -> list[str]:
    lines = Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=account.pk).order_by("pk")
    return [line.detail["why"] for line in lines]


def test_two_agents_decide_one_request_in_two_browsers(new_window: NewWindow, portal: str) -> None:
    """One outcome, one message; the second reads what the first decided, and finds no button any more."""
    change = rows.an_address_change(ALSACE)
    first, second = (at_desk(new_window, an_agent()) for _ in range(2))
    for desk in (first, second):
        desk.go_to_row(page_of(change))
    first.decide("Refuser", "Cette adresse est déjà celle de votre dossier")
    first.sees("C'est refusé")
    second.decide("Accepter")
    second.sees(
        "Une autre personne a traité cette ligne avant vous.", "Refusé (cette adresse est déjà", "Camille Dupré"
    )
    expect(second.page.locator("form.decision")).to_have_count(0)
    assert AddressChange.objects.get(pk=change.pk).accepted is False
    assert Entry.objects.filter(event=Event.ADDRESS_CHANGE_DECIDED).count() == 1


def test_an_agent_loses_their_role_while_a_page_is_open(new_window: NewWindow, portal: str) -> None:
    """The button of the page of before does nothing; the lead who took the role away did it in another browser."""
    change, agent = rows.an_address_change(ALSACE), an_agent()
    desk = at_desk(new_window, agent)
    desk.go_to_row(page_of(change))
    lead = at_desk(new_window, an_agent(Role.LEAD))
    lead.page.goto(f"{AGENTS}{agent.agent.pk}/change/")
    lead.press("Retirer l'accès")
    lead.sees("Cette personne n'a plus accès à l'assistance.")
    pressed(desk, "Accepter", 404)
    assert AddressChange.objects.get(pk=change.pk).decided_at is None
    desk.is_refused("/support/", page_of(change))


def pressed(desk: Desk, button: str, status: int) -> None:
    """What the server answers to the form."""
    with desk.page.expect_navigation() as gone:
        desk.decide(button)
    assert gone.value is not None
    assert gone.value.status == status


def test_a_form_of_another_caisse_s_row(new_window: NewWindow, portal: str) -> None:
    """The address in the page's own form, changed by hand: not found, undecided, and in the journal."""
    ours, theirs, agent = rows.an_address_change(ALSACE), rows.an_address_change(ELSEWHERE), an_agent()
    desk = at_desk(new_window, agent)
    desk.go_to_row(page_of(ours))
    desk.page.evaluate(
        "([ours, theirs]) => { for (const form of document.querySelectorAll('form.decision'))"
        " form.action = form.action.replace(ours, theirs); }",
        [str(ours.pk), str(theirs.pk)],
    )
    pressed(desk, "Accepter", 404)
    assert refusals(agent) == ["scope"]
    desk.is_refused(page_of(theirs), f"{CHANGES}?department={ELSEWHERE}", f"{CHANGES}?p=0", f"{CHANGES}?account=x")
    assert len(refusals(agent)) == 5
    assert not AddressChange.objects.exclude(decided_at=None).exists()


def waiting_for_its_letter(who: str) -> tuple[Account, str]:
    """A department accepted three days ago; its code is on its way."""
    account, now = settled(states.with_own_password(who, PASSWORD)), timezone.now() - timedelta(days=3)
    done = asking.ask(account, department=DEPARTMENTS[AIN], way=DepartmentRequest.Way.ELSEWHERE, now=now)
    assert done.request
    assert deciding.accept(done.request, by=an_agent(caisse="", role=Role.NATIONAL), now=now)
    return account, code_of(done.request)


def import_an_end(directory: Path, who: str) -> None:
    """The registry as its owners deliver it: since yesterday this member is of one department less."""
    nir, yesterday = persona(who).nir.number, timezone.localdate() - timedelta(days=1)
    over = affiliation(nir, department=AIN, until=yesterday.isoformat())
    files = deliver(directory, affiliations=[affiliation(nir), over])
    assert list(import_directory(files, now=timezone.now()))


def test_an_import_ends_an_affiliation_while_its_letter_is_on_its_way(
    new_window: NewWindow, portal: str, tmp_path: Path
) -> None:
    """The member's sentence says why and whom to call; the department stays closed and the request is over."""
    account, code = waiting_for_its_letter("keller")
    import_an_end(tmp_path, "keller")
    context, page, _faults = new_window()
    carry(context, portal, signed_in(account))
    page.goto("/mon-compte/complement-inscription/code/")
    page.locator("[name=code]").fill(code)
    Hand(page).press("Valider")
    told = "votre dossier dans ce département est clos depuis votre demande. Appelez-nous, nous regardons avec vous."
    expect(page.get_by_text(told).first).to_be_visible()
    expect(page.locator("main").get_by_role("link", name=re.compile(r"^0\d(\s\d\d){4}$"))).to_be_visible()
    page.goto("/mon-espace/")
    expect(page.get_by_text("01-Ain")).to_have_count(0)
    assert DepartmentRequest.objects.get().closed_at
    page.goto("/mon-compte/complement-inscription/")
    expect(page.get_by_role("link", name="Taper mon code")).to_have_count(0)
