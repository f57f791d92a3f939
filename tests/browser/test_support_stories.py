"""The desk's people at their screens, each by the door with the code of their telephone (issue 5; F09, R20, R21)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import journal
from accounts.models import Agent, Banner, Entry, Event, News, Role
from accounts.support.door import second_factor
from franceconnect import keys
from franceconnect.registration import register
from tests.accounts.support.member_files import SEARCH, place
from tests.agents import an_agent, code_at
from tests.browser import states
from tests.browser.chromium import carry
from tests.browser.conftest import NewWindow
from tests.browser.desk import Desk, at_desk
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, persona
from tests.stories.caller import last_mail_to

pytestmark = pytest.mark.browser
AGENTS, CLIENTS, JOURNAL = "/support/accounts/agent/", "/support/franceconnect/client/", "/support/accounts/entry/"
EXPORT, LIMITS, REQUESTS = "/support/journal/export/", "/support/limites/", "/support/enrolment/departmentrequest/"
NEWCOMER, CHOSEN = "nour@msa.example", "Grange-Rouge+Vent7"


def test_two_caisses_one_member(new_window: NewWindow, portal: str) -> None:
    """Issue 5, Support desk 2 to 4: Alsace helps its member; for Provence there is no such person."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    assert account.member
    number, file = persona("lamy").nir.number, place(account.member)
    elsewhere = an_agent(caisse="13")
    desk = at_desk(new_window, elsewhere)
    desk.find(number)
    expect(desk.page.locator("tbody a")).to_have_count(0)
    desk.does_not_see("LAMY")
    desk.is_refused(file, f"{file}actes/debloquer/")
    assert Entry.objects.filter(event=Event.SUPPORT_REFUSED, account=elsewhere.pk).count() == 2
    desk = at_desk(new_window, an_agent())
    desk.open_file(number)
    desk.does_not_see(persona("lamy").nir.grouped)
    desk.act("Débloquer la connexion")
    desk.sees("L'adhérent en est informé par e-mail.")
    assert "conseiller" in last_mail_to(account.email or "")


def set_up(page: Page) -> second_factor.Seed:
    """From the link in the mail: a password, and the telephone's application."""
    [link] = re.findall(r"(/support/premiere-connexion/\S+)", last_mail_to(NEWCOMER))
    desk = Desk(page)
    page.goto(link)
    page.get_by_label("Votre mot de passe", exact=True).fill(CHOSEN)
    page.get_by_label("Confirmer le mot de passe").fill(CHOSEN)
    desk.press("Continuer")
    text = page.locator(".seed").inner_text().replace(" ", "")
    seed = second_factor.Seed(second_factor.base64.b32decode(text))
    page.get_by_label("Code à 6 chiffres").fill(code_at(seed=seed))
    desk.press("Terminer")
    desk.sees("Vos codes de secours")
    return seed


def test_a_lead_adds_an_agent_who_works_and_leaves(new_window: NewWindow, portal: str) -> None:
    """Issue 5, Support desk 1: of the lead's own caisse; whoever is sent away is out with the next page."""
    lead = at_desk(new_window, an_agent(Role.LEAD))
    lead.page.goto(f"{AGENTS}add/")
    lead.page.get_by_label("Nom").fill("Nour Neuve")
    lead.page.get_by_label("Adresse e-mail professionnelle").fill(NEWCOMER)
    lead.press("Enregistrer")
    lead.sees("L'e-mail est parti")
    page = new_window()[1]
    seed, newcomer = set_up(page), Desk(page)
    agent = Agent.objects.latest("created_at")
    newcomer.come_in(agent.account, password=CHOSEN, seed=seed, later=timedelta(seconds=30))
    newcomer.sees("Nour Neuve, conseiller, MSA Alsace", "Demandes de départements")
    newcomer.is_refused(f"{AGENTS}add/", JOURNAL, CLIENTS)
    lead.page.reload()
    lead.press("Retirer l'accès")
    lead.sees("Cette personne n'a plus accès à l'assistance.")
    newcomer.is_refused("/support/", SEARCH)


def test_an_auditor_reads_and_exports_the_journal_and_nothing_else(
    new_window: NewWindow, portal: str, tmp_path: Path
) -> None:
    """Issue 5, Support desk 2 and 8 (R21)."""
    account = settled(states.with_own_password("lamy", PASSWORD))
    journal.record(Event.PASSWORD_CHANGED, account=account, now=timezone.now())
    desk = at_desk(new_window, an_agent(Role.AUDITOR))
    desk.does_not_see("Chercher un adhérent", "Demandes de départements", "Services connectés")
    desk.page.goto(JOURNAL)
    expect(desk.page.locator("#result_list")).to_contain_text(re.compile("mot de passe modifié", re.IGNORECASE))
    desk.sees("Le journal n'a pas encore été vérifié d'ici.")
    desk.does_not_see("LAMY", "Ajouter")
    desk.page.locator("#result_list tbody a").first.click()
    expect(desk.page.get_by_role("button", name=re.compile("Enregistrer|Supprimer"))).to_have_count(0)
    desk.page.goto(EXPORT)
    with desk.page.expect_download() as file:
        desk.press("Exporter")
    file.value.save_as(tmp_path / "journal.csv")
    text = (tmp_path / "journal.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("ligne;moment;evenement")
    assert "password:changed" in text
    assert Entry.objects.filter(event=Event.JOURNAL_EXPORTED).count() == 1
    assert account.member
    desk.is_refused(SEARCH, place(account.member), AGENTS, CLIENTS, LIMITS, REQUESTS, "/support/codes/")


def test_an_operator_sees_services_keys_and_limits_and_no_member(new_window: NewWindow, portal: str) -> None:
    """Issue 5, Support desk 2 and 9: machines, and the banner while something does not work."""
    account, now = settled(states.with_own_password("lamy", PASSWORD)), timezone.now()
    keys.ensure(now=now)
    client = register("franceconnect", preset="franceconnect-integration", now=now).client
    desk = at_desk(new_window, an_agent(Role.OPERATOR))
    desk.follow("Limites")
    desk.sees("Connexion, par identifiant et réseau", "sign_in_day")
    desk.page.goto(CLIENTS)
    desk.follow("franceconnect")
    desk.sees(client.name)
    desk.page.goto("/support/franceconnect/signingkey/")
    desk.sees("Clés")
    desk.page.goto("/support/accounts/banner/add/")
    desk.page.locator("[name=text]").fill("FranceConnect ne répond pas. Connectez-vous avec votre mot de passe.")
    desk.press("Enregistrer")
    desk.sees("C'est enregistré")
    assert Banner.objects.count() == 1
    stranger = new_window()[1]
    stranger.goto("/")
    expect(stranger.get_by_text("FranceConnect ne répond pas.")).to_be_visible()
    assert account.member
    desk.is_refused(SEARCH, place(account.member), JOURNAL, EXPORT, REQUESTS, "/support/accounts/news/")


def test_a_lead_writes_news_for_the_members_of_one_caisse(new_window: NewWindow, portal: str) -> None:
    """F09: read in Mon espace privé by who is of that caisse."""
    lead = at_desk(new_window, an_agent(Role.LEAD))
    lead.page.goto("/support/accounts/news/add/")
    lead.page.locator("[name=title]").fill("Permanence à Strasbourg")
    lead.page.locator("[name=body]").fill("Le lundi matin, sans rendez-vous.")
    lead.press("Enregistrer")
    lead.sees("C'est enregistré")
    assert News.objects.get(title="Permanence à Strasbourg").caisse == "68"
    for who, count in (("lamy", 1), ("garcin", 0)):
        account = settled(states.with_own_password(who, PASSWORD))
        context, page, _faults = new_window()
        carry(context, portal, states.signed_in(account))
        page.goto("/mon-espace/")
        expect(page.get_by_text("Permanence à Strasbourg")).to_have_count(count)
