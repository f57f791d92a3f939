"""Work lists, codes, the telephone, the journal and news in a real browser: axe, a phone, a keyboard (issue 5, R22)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.models import AddressChange, Banner, Role
from accounts.sign_in import How
from enrolment import calling, journey
from enrolment.models import Enrolment, RegistrationRequest
from tests.accounts.support import rows
from tests.agents import ALSACE, an_agent
from tests.browser.audit import axe, breakable, sideways
from tests.browser.chromium import DESKTOP, PHONE, carry, window
from tests.browser.desk import Desk
from tests.browser.states import signed_in

pytestmark = pytest.mark.browser
# A folder of pictures, for whoever wants to look: PICTURES=/tmp/pictures.
PICTURES = os.environ.get("PICTURES", "")


def keep(page: object, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_agent_works_with_and_without_script(browser: Browser, portal: str, script: bool) -> None:
    """A row decided, a code explained, a caller followed."""
    change = rows.an_address_change(ALSACE)
    enrolment = journey.start(now=timezone.now())
    digits = calling.begin(enrolment, now=timezone.now())
    context, page, _faults = window(browser, portal, width=DESKTOP, java_script_enabled=script)
    carry(context, portal, signed_in(an_agent(Role.LEAD), How.AGENT))
    page.goto("/support/")
    page.get_by_role("link", name="Changements d'adresse").first.click()
    page.locator("#result_list a").first.click()
    Desk(page).open_row()
    page.get_by_label("Un justificatif de domicile est nécessaire").check()
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("C'est refusé")).to_be_visible()
    assert AddressChange.objects.get(pk=change.pk).accepted is False
    page.goto("/support/codes/")
    page.get_by_label("Code ou référence").fill("y010008")
    page.get_by_label("Code ou référence").press("Enter")
    expect(page.get_by_text("RNIPP").first).to_be_visible()
    found = [] if not script else [*axe(page), *breakable(page)]
    keep(page, f"codes-{script}")
    page.goto("/support/telephone/")
    page.get_by_label("Code lu par l'appelant").fill(f"{digits[:3]} {digits[3:]}")
    page.get_by_label("Code lu par l'appelant").press("Enter")
    expect(page.get_by_text("Essais restants")).to_be_visible()
    found += [] if not script else [*axe(page), *breakable(page)]
    keep(page, f"telephone-{script}")
    page.get_by_role("button", name="Passer au courrier").click()
    expect(page.get_by_text("sur le chemin du courrier")).to_be_visible()
    assert Enrolment.objects.get(pk=enrolment.pk).tries_left == 0
    context.close()
    assert found == [], "\n".join(found)


def test_a_company_is_accepted_after_a_mistake(browser: Browser, portal: str) -> None:
    """What was typed stays, what is missing is told beside its field (R22)."""
    request = rows.a_registration_request(ALSACE)
    context, page, _faults = window(browser, portal, width=DESKTOP)
    carry(context, portal, signed_in(an_agent(), How.AGENT))
    page.goto(f"/support/enrolment/registrationrequest/{request.pk}/change/")
    page.get_by_label("Nom de l'entreprise").fill("SCEA des Trois Sources")
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Il manque quelque chose")).to_be_visible()
    page.wait_for_load_state()
    found = [*axe(page), *breakable(page)]
    keep(page, "company-mistake")
    expect(page.get_by_label("Nom de l'entreprise")).to_have_value("SCEA des Trois Sources")
    assert RegistrationRequest.objects.get(pk=request.pk).decided_at is None
    context.close()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_banner_and_a_code_on_the_caller_s_page(browser: Browser, portal: str, width: int) -> None:
    """On top of the page and beside its button; neither tears anything."""
    ends = timezone.now() + timedelta(hours=1)
    told = "Les paiements ne s'affichent pas en ce moment. Réessayez demain."
    Banner.objects.create(text=told, starts_at=timezone.now(), ends_at=ends)
    context, page, _faults = window(browser, portal, width=width)
    page.goto("/inscription/")
    expect(page.get_by_role("status").filter(has_text="Les paiements")).to_be_visible()
    keep(page, f"help-before-{width}")
    page.get_by_role("button", name="Besoin d'aide au téléphone").click()
    expect(page.get_by_text("lisez ce code")).to_be_visible()
    found = [*axe(page), *breakable(page), *sideways(page, width)]
    keep(page, f"help-{width}")
    context.close()
    assert found == [], "\n".join(found)
