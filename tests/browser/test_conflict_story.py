"""Two links that cannot both stand: met at FranceConnect, decided by a lead (issue 5, Support desk 5; FS 13, I13)."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account, Role
from franceconnect.models import Link, LinkConflict
from tests.agents import an_agent
from tests.browser.by_franceconnect import identify, in_the_space, leave, through
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk, at_desk
from tests.browser.states.arrivals import linked
from tests.members import LAMY
from tests.simulator import Simulator
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser
LIST = "Conflits d'association FranceConnect"


def come_by_franceconnect(page: Page, *, again: bool = True) -> None:
    """It knows this browser from the second time on; we ask for the number each time, for nothing is linked."""
    if again:
        page.goto("/connexion/")
        page.get_by_role("link", name="S'identifier avec FranceConnect", exact=True).click()
        page.get_by_role("button", name="Continuer sur mon espace privé MSA").click()
    else:
        leave(page)
        through(page, "lamy")
    identify(page, LAMY)


def read_reference(page: Page) -> str:
    """The account has a link already, to another identity; the member reads a reference, and another way in."""
    page.wait_for_url("**/franceconnect/probleme/**")
    expect(page.get_by_role("link", name="Se connecter avec mon numéro").first).to_be_visible()
    return page.locator(".reference .figures").first.inner_text()


def decide(desk: Desk, reference: str, decision: str, reason: str) -> None:
    desk.open_list(LIST)
    desk.choose_row(reference)
    desk.sees("LAMY", "celui de cet adhérent")
    desk.decide(decision, reason)
    desk.does_not_see(reference)


def test_kept_the_first_time_and_taken_away_the_second(
    at_a_desktop: Page, new_window: NewWindow, portal: str, simulator: Simulator
) -> None:
    """A lead decides, an agent does not; nobody is linked by hand: the member comes by FranceConnect again."""
    page, account = at_a_desktop, linked("lamy")
    before = Link.objects.get(account=account).subject_fingerprint
    come_by_franceconnect(page, again=False)
    reference = read_reference(page)
    agent = at_desk(new_window, an_agent())
    agent.does_not_see(LIST)
    agent.is_refused("/support/franceconnect/linkconflict/")
    lead = at_desk(new_window, an_agent(Role.LEAD))
    [(_, reason), *_] = LinkConflict.Reason.choices
    decide(lead, reference, "Garder l'association actuelle", str(reason).capitalize())
    lead.sees("C'est noté : l'association reste comme elle est.")
    assert "FranceConnect" in last_mail_to(account.email or "")
    assert Link.objects.get(account=account).subject_fingerprint == before
    come_by_franceconnect(page)
    again = read_reference(page)
    assert again != reference
    decide(lead, again, "Retirer l'association actuelle", str(reason).capitalize())
    lead.sees("C'est fait : l'adhérent peut associer de nouveau son compte, lui-même.")
    assert not Link.objects.filter(account=account).exists()
    come_by_franceconnect(page)
    in_the_space(page)
    assert Link.objects.get(account=account).subject_fingerprint != before
    assert outcomes(account) == [LinkConflict.Outcome.KEPT, LinkConflict.Outcome.UNLINKED]


def outcomes(account: Account) -> list[str]:
    return list(LinkConflict.objects.filter(account=account).order_by("created_at").values_list("outcome", flat=True))
