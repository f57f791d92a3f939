"""Several rows at once, and the national support, which no caisse stops (issue 5, Support desk 2 and 5; R5, R16)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.letters import addresses
from accounts.models import BadAddress, Consultation, Role
from tests.accounts.support import rows
from tests.agents import ALSACE, ELSEWHERE, an_agent
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.desk import at_desk
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, persona, signed_in

pytestmark = pytest.mark.browser
BULK = "Classer celles que le référentiel a remplacées"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_the_registry_has_replaced_is_ticked_away(new_window: NewWindow, portal: str, script: bool) -> None:
    """The only thing that is done several at a time, for it opens nothing; what is still to be looked at stays."""
    replaced = [rows.a_bad_address(ALSACE) for _ in range(2)]
    member = states.member_of("keller")
    here = addresses.mark(member.postal_address)
    present = BadAddress.objects.create(member=member, fingerprint=here, since=timezone.now())
    desk = at_desk(new_window, an_agent(), java_script_enabled=script)
    desk.open_list("Adresses à vérifier")
    desk.page.locator("[name=action]").first.select_option(label=BULK)
    for box in desk.page.locator("tbody [name=_selected_action]").all():
        box.check()
    desk.press("Appliquer")
    desk.sees("Adresses classées : 2.", "Les autres sont encore au référentiel : ouvrez-les une à une.")
    expect(desk.page.locator("#result_list tbody tr")).to_have_count(1)
    assert BadAddress.objects.get(cleared_at=None) == present
    assert set(BadAddress.objects.exclude(cleared_at=None)) == set(replaced)


def test_the_national_support_helps_members_of_two_caisses(new_window: NewWindow, portal: str) -> None:
    """Alsace's and Provence's alike, by one search and one list; each member reads that it was the national support."""
    accounts = {who: settled(states.with_own_password(who, PASSWORD)) for who in ("lamy", "garcin")}
    for caisse in (ALSACE, ELSEWHERE):
        rows.a_registration_request(caisse)
    desk = at_desk(new_window, an_agent(Role.NATIONAL))
    desk.sees("assistance nationale")
    desk.open_list("Demandes d'inscription")
    expect(desk.page.locator("#result_list tbody tr")).to_have_count(2)
    for who in accounts:
        desk.open_file(persona(who).nir.number)
        desk.sees(persona(who).birth_name)
    for who, account in accounts.items():
        assert Consultation.objects.filter(member=account.member).count() == 1, who
        context, page, _faults = new_window()
        carry(context, portal, signed_in(account))
        page.goto("/mon-compte/consultations/")
        expect(page.get_by_text("assistance nationale").first).to_be_visible()
