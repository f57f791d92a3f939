"""What the page of the personas tells a newcomer to try can be done as it is told (issue 5, R1, R11, H07 to H09)."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.letters.text import compose
from accounts.models import Letter
from enrolment.models import DepartmentRequest, RegistrationRequest
from msa_portal.demo import desk
from msa_portal.demo.agents import AGENTS
from msa_portal.demo.companies import EXPECTED, SETTLED, TO_ASK, WAITING
from msa_portal.demo.neighbours import neighbour
from msa_portal.demo.personas import DEMO_PASSWORD
from msa_portal.demo.seeding import seed
from tests.members import NEXT_PASSWORD
from tests.stories.caller import Caller, last_mail_to
from tests.stories.registering import COMPANY, Registrant
from tests.stories.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.msa_portal.demo.portal_with_demo")]
REQUESTS = "/support/enrolment/departmentrequest/"


@pytest.fixture(autouse=True)
def _day(settings: Any, tmp_path: Any, held_clock: Any) -> None:
    settings.VAR_DIR = tmp_path
    seed(now=timezone.now())
    desk.lay_out(now=timezone.now())


def at_desk(slug: str) -> Caller:
    """With what the page shows at this moment."""
    agent = next(each for each in AGENTS if each.slug == slug)
    caller = Caller().visit("/support/connexion/").press("Continuer", email=agent.email, password=DEMO_PASSWORD)
    return caller.press("Se connecter", code=agent.code(now=timezone.now()))


def open_the_request_for(caller: Caller, department: str) -> Caller:
    reference = DepartmentRequest.objects.get(department=department).reference
    return caller.visit(f"{REQUESTS}?department={department}").follow(reference).press("Ouvrir")


def code_for(**whose: Any) -> str:
    return compose(Letter.objects.filter(**whose).latest("created_at")).secret


def test_every_walk_has_three_steps_and_leads_to_pages_that_are_there() -> None:
    """Each link of a walk is one that its agent may follow, but for the auditor's, who is shown a refusal."""
    page = Caller().visit("/dev/personas/")
    for agent in AGENTS:
        html = page.response.content.decode().partition(f'id="{agent.slug}"')[2].partition("</ol>")[0]
        assert html.count("<li>") == 3
        links = [each.partition('"')[0] for each in html.split('href="/support/')[1:]]
        caller = at_desk(agent.slug)
        answers = {path: caller.client.get(f"/support/{path}").status_code for path in links}
        refused = {"adherents/"} if agent.slug == "paul.vernier" else set()
        assert {path for path, status in answers.items() if status == 404} == refused, agent.slug


def test_a_department_is_accepted_its_letter_read_and_its_code_typed() -> None:
    """Camille Dupré, then ROUX Fabrice (H07 to H09, R11)."""
    caller = open_the_request_for(at_desk("camille.dupre"), "67").press("Accepter")
    caller.sees("C'est accepté")
    roux = neighbour("roux")
    caller = sign_in(Caller(), nir=roux.number, password=code_for(member=desk.member("roux")))
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.visit("/mon-espace/").sees("13-Bouches-du-Rhône", "67-Bas-Rhin")


def test_the_code_that_is_on_its_way_opens_its_department() -> None:
    """WEBER Tristan (R11)."""
    weber = neighbour("weber")
    caller = sign_in(Caller(), nir=weber.number, password=DEMO_PASSWORD).visit("/mon-compte/complement-inscription/")
    caller.follow("Taper mon code").press("Valider", code=code_for(member=desk.member("weber")))
    caller.press("Valider", new_password1=NEXT_PASSWORD, new_password2=NEXT_PASSWORD)
    caller.visit("/mon-espace/").sees("67-Bas-Rhin", "13-Bouches-du-Rhône")


def test_a_neighbour_of_another_caisse_is_nobody_and_reads_who_looked() -> None:
    """Inès Faure does not find SCHMITT Bernadette; she reads that Camille Dupré's caisse did (issue 5; R16)."""
    schmitt = neighbour("schmitt")
    found = at_desk("ines.faure").visit("/support/adherents/").press("Chercher", nir=schmitt.number)
    found.does_not_see("SCHMITT")
    caller = sign_in(Caller(), nir=schmitt.number, password=DEMO_PASSWORD)
    caller.visit("/mon-compte/consultations/").sees("Un conseiller de la MSA Alsace")


def test_a_refused_department_is_told_by_e_mail() -> None:
    """Inès Faure, then MULLER Hélène (H08)."""
    caller = open_the_request_for(at_desk("ines.faure"), "83")
    caller.press("Refuser", reason="unknown_here")
    assert "83-Var" in last_mail_to(neighbour("muller").email)


@pytest.mark.parametrize("company", [SETTLED, EXPECTED], ids=lambda each: each.slug)
def test_a_company_signs_in_by_its_siret(company: Any) -> None:
    """R1: with the password of the page, or with the code of its letter."""
    settled = company is SETTLED
    password = DEMO_PASSWORD if settled else code_for(kind=Letter.Kind.COMPANY_CODE)
    caller = Caller().visit("/connexion/entreprise/")
    caller.press("Se connecter", login_id=company.siret.grouped, password=password)
    assert caller.path == ("/mon-entreprise/" if settled else "/mot-de-passe/personnaliser/")


def test_a_company_that_waits_is_accepted_with_what_the_page_says_of_it() -> None:
    """R1."""
    reference = RegistrationRequest.objects.get(kind="company", decided_at=None).reference
    caller = at_desk("camille.dupre").visit("/support/enrolment/registrationrequest/").follow(reference)
    caller.press("Accepter", **vars(WAITING.establishment)).sees("C'est accepté")


def test_a_new_company_asks_with_what_the_page_says() -> None:
    """R1, H08."""
    told = {name: getattr(TO_ASK, name) for name in ("name", "function", "email", "phone")}
    Registrant(COMPANY | told | {"profile": "company", "siret": TO_ASK.number, "department": "83"}).finish()
    assert "Nous avons bien reçu votre demande" in last_mail_to(TO_ASK.email)
