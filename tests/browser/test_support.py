"""The support desk in a real browser: it runs under the portal's own policy, on a phone as on a desktop (R22)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.sign_in import How
from accounts.support import agents
from accounts.support.door import second_factor
from franceconnect.models import Client
from franceconnect.registration import secret_fits
from tests.agents import an_agent, code_at
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.states import Cookies, signed_in
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser
CLIENTS = "/support/franceconnect/client/"


@pytest.fixture
def agent() -> Cookies:
    """The session of the operator, who may do everything with services."""
    return signed_in(an_agent(Role.OPERATOR), How.AGENT)


def fill_in(page: Page) -> None:
    """A mistake, then a service: errors, and a secret."""
    page.goto(f"{CLIENTS}add/")
    page.get_by_label("Identifiant (client_id)").fill("service")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Indiquez au moins une adresse de retour.")).to_be_visible()


def correct(page: Page) -> str:
    page.locator("[name=redirect_uris]").fill("https://service.example.org/retour")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Copiez ce secret maintenant")).to_be_visible()
    return page.get_by_label("client_secret").input_value()


def test_a_service_is_registered_under_the_portal_s_policy(new_window: NewWindow, portal: str, agent: Cookies) -> None:
    """Issue 3, 9: strict CSP; new_window fails when a script or a style was refused, or asked another origin."""
    context, page, _faults = new_window()
    carry(context, portal, agent)
    fill_in(page)
    secret = correct(page)
    assert secret_fits(Client.objects.get(client_id="service"), secret, timezone.now())
    page.get_by_role("link", name="Revenir au service").click()
    page.get_by_role("button", name="Nouveau secret").click()
    expect(page.get_by_text("L'ancien secret vaut encore")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.goto("/support/").status == 404  # type: ignore[union-attr]


# The door -------------------------------------------------------------------------------------------------------------

CHOSEN = "Grange-Rouge+Vent7"


def to_the_door(page: Page, email: str, password: str) -> None:
    page.goto("/support/connexion/")
    page.get_by_label("Adresse e-mail professionnelle").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    # As the keyboard does it.
    page.get_by_label("Mot de passe").press("Enter")
    expect(page.get_by_role("heading", name="Code de votre téléphone")).to_be_visible()


def invited() -> str:
    """The link in the mail of somebody who has just been added."""
    told = {"email": "neuve@msa.example", "name": "Nour Neuve", "role": Role.AGENT, "caisse": "68"}
    agents.add(**told, by=None, now=timezone.now())  # type: ignore[arg-type]
    [link] = re.findall(r"(/support/premiere-connexion/\S+)", last_mail_to("neuve@msa.example"))
    return str(link)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_invitation_to_the_desk(new_window: NewWindow, portal: str, script: bool) -> None:
    """Issue 5, Support desk 1: password, telephone, codes on paper, door, desk, and out."""
    page = new_window(java_script_enabled=script)[1]
    page.goto(invited())
    page.get_by_label("Votre mot de passe", exact=True).fill(CHOSEN)
    page.get_by_label("Confirmer le mot de passe").fill(CHOSEN)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("img", name="Carré à viser")).to_be_visible()
    text = page.locator(".seed").inner_text().replace(" ", "")
    seed = second_factor.Seed(second_factor.base64.b32decode(text))
    page.get_by_label("Code à 6 chiffres").fill(code_at(seed=seed))
    page.get_by_role("button", name="Terminer").click()
    on_paper = page.locator(".recovery-codes code").all_inner_texts()
    assert len(on_paper) == 10
    page.get_by_role("link", name="me connecter").click()
    to_the_door(page, "neuve@msa.example", CHOSEN)
    page.get_by_label("Code à 6 chiffres").fill(code_at(timezone.now() + timedelta(seconds=30), seed=seed))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Nour Neuve, conseiller, MSA Alsace")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    to_the_door(page, "neuve@msa.example", CHOSEN)
    page.get_by_role("link", name="Je n'ai pas mon téléphone").click()
    page.get_by_label("Code de secours").fill(on_paper[0])
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Nour Neuve")).to_be_visible()


def test_a_lead_adds_an_agent(new_window: NewWindow, portal: str) -> None:
    """Issue 5, Support desk 1: from the list, and with the keyboard."""
    context, page, _faults = new_window()
    carry(context, portal, signed_in(an_agent(Role.LEAD), How.AGENT))
    page.goto("/support/accounts/agent/")
    page.get_by_role("link", name="Ajouter un conseiller").first.click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Ce champ est obligatoire.").first).to_be_visible()
    page.get_by_label("Nom").fill("Nour Neuve")
    page.get_by_label("Adresse e-mail professionnelle").fill("nour@msa.example")
    page.get_by_label("Adresse e-mail professionnelle").press("Enter")
    expect(page.get_by_text("L'e-mail est parti")).to_be_visible()
