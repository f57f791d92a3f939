"""Requests and registrations at the desk, attacked first (issue 5, Support desk 5; H01 to H09, R1, R11, R20)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import access, journal
from accounts.letters import addresses
from accounts.models import (
    Account,
    Affiliation,
    BadAddress,
    Channel,
    Code,
    Company,
    Consultation,
    Entry,
    Event,
    Letter,
    Role,
)
from enrolment import journey
from enrolment.admin import registrations as desk
from enrolment.departments import opening, reminding
from enrolment.matching import Match
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from tests.agents import ELSEWHERE, OPEN_ROW, an_agent, at_desk, at_row
from tests.companies import COMPANY, a_request
from tests.departments import asked, code_of
from tests.members import LAMY, an_account
from tests.stories.caller import Caller, last_mail_to

pytestmark = pytest.mark.django_db
DEPARTMENTS = "/support/enrolment/departmentrequest/"
COMPANIES = "/support/enrolment/registrationrequest/"
REGISTRATIONS = "/support/enrolment/enrolment/"
KNOWN = {"company": COMPANY, "address": "4 chemin du Moulin", "postcode": "67320", "city": "Drulingen"}


def page_of(place: str, row: Any) -> str:
    return f"{place}{row.pk}/change/"


def post(caller: Caller, place: str, **fields: Any) -> int:
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def refusals() -> list[str]:
    return [line.detail["why"] for line in Entry.objects.filter(event=Event.SUPPORT_REFUSED)]


# Departments, attacked ------------------------------------------------------------------------------------------------


def test_a_request_is_the_asked_caisse_s_and_nobody_else_s():
    """R20: of Alsace's member who asks for Bouches-du-Rhône, Marseille decides."""
    request = asked(an_account(), "13")
    alsace, marseille = at_desk(an_agent()), at_desk(an_agent(caisse=ELSEWHERE), Caller("192.0.2.60"))
    alsace.visit(DEPARTMENTS).sees("Rien à afficher ici")
    assert alsace.client.get(page_of(DEPARTMENTS, request)).status_code == 404
    for verb in ("accepter", "refuser"):
        assert post(alsace, f"{DEPARTMENTS}{request.pk}/{verb}/", reason="double") == 404
    assert alsace.client.get(f"{DEPARTMENTS}?department=13").status_code == 404
    assert sorted(refusals()) == ["filter"] + ["scope"] * 3
    assert DepartmentRequest.objects.get().decided_at is None
    marseille.visit(DEPARTMENTS).sees(request.reference)


def test_several_requests_are_not_accepted_by_ticking():
    """Each yes posts a code to somebody's address: none of it is harmless."""
    request = asked(an_account(), "13")
    caller = at_desk(an_agent(caisse=ELSEWHERE))
    caller.visit(DEPARTMENTS)
    for action in ("accept", "accepter", "delete_selected"):
        post(caller, DEPARTMENTS, action=action, _selected_action=[str(request.pk)], index="0")
    assert DepartmentRequest.objects.get().decided_at is None


# Departments ----------------------------------------------------------------------------------------------------------


def test_an_agent_accepts_and_the_code_leaves_by_post():
    """H08, R11."""
    account = an_account()
    request = asked(account, "13")
    agent = an_agent(caisse=ELSEWHERE)
    caller = at_desk(agent).visit("/support/").sees("Demandes de départements : 1")
    caller.visit(DEPARTMENTS).does_not_see("LAMY").follow(request.reference)
    caller.sees(request.reference, "13-Bouches-du-Rhône", "d'une autre MSA").does_not_see(
        "LAMY", "Tonneliers", "67-Bas"
    )
    caller.press(OPEN_ROW).sees("LAMY FRITZ", "12 rue des Tonneliers", "67-Bas-Rhin", "13-Bouches-du-Rhône")
    caller.does_not_see(LAMY)
    assert Consultation.objects.get().reason == "request"
    caller.press("Accepter").sees("C'est accepté", "Rien à afficher ici")
    assert code_of(request)
    [line] = Entry.objects.filter(event=Event.DEPARTMENT_ACCEPTED)
    assert (line.account, line.detail["by"]) == (account.pk, agent.pk.hex)
    assert "accepté votre demande" in last_mail_to("fritz.lamy@example.org")
    caller.visit(f"{DEPARTMENTS}?etat=on_its_way").sees(request.reference, "acceptée")
    assert code_of(request) not in caller.visit(page_of(DEPARTMENTS, request)).response.content.decode()


@pytest.mark.parametrize(("why", "said"), [
    ("suspended", "quand il sera réactivé"), ("returned", "l'adresse postale est à vérifier"), ("recent", "il y a peu"),
])  # fmt: skip
def test_an_agent_reads_that_the_code_has_to_wait(why, said):
    """R11, R13: they would say to the caller that a letter is on its way."""
    account, now = an_account(), timezone.now()
    assert account.member is not None
    request = asked(account, "13")
    if why == "suspended":
        Account.objects.filter(pk=account.pk).update(is_active=False)
    elif why == "returned":
        mark = addresses.mark(account.member.postal_address)
        BadAddress.objects.create(member=account.member, fingerprint=mark, since=now)
    else:
        assert access.send_temporary_password(account, channel=Channel.POST, now=now)
    caller = at_row(at_desk(an_agent(caisse=ELSEWHERE)), page_of(DEPARTMENTS, request))
    caller.press("Accepter").sees("C'est accepté", said).does_not_see("un courrier avec le code part à l'adresse")
    assert not Letter.objects.filter(kind=Letter.Kind.DEPARTMENT_CODE).exists()


@pytest.mark.parametrize("reason", DepartmentRequest.Reason.values)
def test_an_agent_refuses_with_a_reason(reason):
    request = asked(an_account(), "13")
    caller = at_row(at_desk(an_agent(caisse=ELSEWHERE)), page_of(DEPARTMENTS, request))
    caller.press("Refuser").sees("Choisissez un motif")
    caller.visit(page_of(DEPARTMENTS, request)).press("Refuser", reason=reason).sees("C'est refusé")
    request.refresh_from_db()
    assert (request.accepted, request.reason) == (False, reason)
    caller.visit(f"{DEPARTMENTS}?q={request.reference.lower()}").sees("refusée")


def test_the_second_of_two_agents_reads_what_the_first_decided():
    """Issue 5, faults: one code, one message."""
    request = asked(an_account(), "13")
    first = at_row(at_desk(an_agent(caisse=ELSEWHERE)), page_of(DEPARTMENTS, request))
    second = at_row(at_desk(an_agent(Role.NATIONAL), Caller("192.0.2.61")), page_of(DEPARTMENTS, request))
    first.press("Accepter")
    second.press("Refuser", reason="unknown_here").sees("Une autre personne", "Acceptée par Camille Dupré")
    assert Code.objects.filter(purpose=Code.Purpose.DEPARTMENT).count() == 1
    assert not Entry.objects.filter(event=Event.DEPARTMENT_REFUSED).exists()


def test_what_the_registry_has_opened_meanwhile_is_not_decided():
    """F02: an import was quicker than the agent."""
    account = an_account()
    request = asked(account, "13")
    caller = at_row(at_desk(an_agent(caisse=ELSEWHERE)), page_of(DEPARTMENTS, request))
    opening.close(request, now=timezone.now())
    caller.press("Accepter").sees("Le référentiel a été plus rapide")
    assert not Letter.objects.exists()


def test_what_has_waited_too_long_comes_first(settings):
    """H08: « quelques jours » are over."""
    now = timezone.now()
    old = asked(an_account(), "13", now=now - settings.DEPARTMENT_REMINDER - timedelta(days=1))
    reminding.alert(now=now)
    DepartmentRequest.objects.create(
        account=old.account,
        department="84",
        way="elsewhere",
        reference="FFFF-FFFF",
        created_at=now - timedelta(days=90),
    )
    text = at_desk(an_agent(caisse="", role=Role.NATIONAL)).visit(DEPARTMENTS).sees("en retard depuis").text
    assert text.index(old.reference) < text.index("FFFF-FFFF")


def test_a_row_asks_ten_questions_at_most(django_assert_max_num_queries):
    """Issue 5, 10."""
    request = asked(an_account(), "13")
    caller = at_row(at_desk(an_agent(caisse=ELSEWHERE)), page_of(DEPARTMENTS, request))
    with django_assert_max_num_queries(10):
        caller.visit(page_of(DEPARTMENTS, request)).sees("LAMY FRITZ")


def test_the_lists_cost_few_queries(django_assert_max_num_queries):
    """Issue 5, 10."""
    account, now = an_account(), timezone.now()
    DepartmentRequest.objects.bulk_create(
        DepartmentRequest(account=account, department="67", way="elsewhere", reference=f"R{each}", created_at=now,
                          decided_at=now, accepted=False, closed_at=now)
        for each in range(60)
    )  # fmt: skip
    for number in range(60):
        a_request(reference=f"C{number}")
    for _ in range(60):
        Enrolment.objects.filter(pk=journey.start(now=now).pk).update(tries_left=0)
        journal.record(Event.REGISTRATION_REFUSED, detail={"reason": "unknown"}, now=now)
    caller = at_desk(an_agent())
    for place in (f"{DEPARTMENTS}?etat=refused", COMPANIES, REGISTRATIONS):
        with django_assert_max_num_queries(10) as seen:
            caller.visit(place).sees("Page suivante")
        assert not [each for each in seen if "COUNT(" in each["sql"]], place


# Companies ------------------------------------------------------------------------------------------------------------


def test_another_caisse_s_company_is_not_there():
    request = a_request(department="13")
    caller = at_desk(an_agent())
    caller.visit(COMPANIES).sees("Rien à afficher ici")
    assert caller.client.get(page_of(COMPANIES, request)).status_code == 404
    assert post(caller, f"{COMPANIES}{request.pk}/accepter/", **KNOWN) == 404
    assert not Company.objects.exists()


def test_a_company_s_code_goes_where_the_caisse_knows_it():
    """R1: what the request says was typed by anybody."""
    request = a_request()
    caller = at_desk(an_agent()).visit(page_of(COMPANIES, request)).sees("Odile Vasseur", "01 99 00 12 34", "aucun")
    caller.press("Accepter", company=COMPANY).sees("Il manque quelque chose")
    assert COMPANY in caller.response.content.decode()
    assert RegistrationRequest.objects.get().decided_at is None
    caller.press("Accepter", **KNOWN).sees("C'est accepté")
    company = Company.objects.get()
    assert (company.name, company.department) == (COMPANY, "67")
    assert Letter.objects.get().kind == Letter.Kind.COMPANY_CODE


def test_a_company_that_has_its_space_gets_no_second_one():
    first, second = a_request(), a_request(reference="MNPQ-RTWX")
    caller = at_desk(an_agent()).visit(page_of(COMPANIES, first)).press("Accepter", **KNOWN)
    caller.visit(page_of(COMPANIES, second)).sees("ouvert le").press("Accepter", **KNOWN).sees("a déjà son espace")
    second.refresh_from_db()
    assert second.decided_at is None
    caller.press("Refuser", reason="double").sees("C'est refusé")
    assert Account.objects.filter(kind=Account.Kind.COMPANY).count() == 1


def test_another_declarant_is_called():
    """« Autre » has no self-service; the company's button is not theirs."""
    request = a_request("other", siret="")
    caller = at_desk(an_agent()).visit(page_of(COMPANIES, request))
    assert not caller.offers("Nom de l'entreprise")
    assert post(caller, f"{COMPANIES}{request.pk}/accepter/", **KNOWN) == 404
    caller.client.handler.enforce_csrf_checks = True
    caller.visit(page_of(COMPANIES, request)).press("Accepter : nous rappelons")
    caller.sees("C'est accepté")
    assert not Company.objects.exists()


# Registrations that fail ----------------------------------------------------------------------------------------------


def test_registrations_that_fail_are_nobody_s():
    """R20: a step, two moments, no answer; why the last ones came to nothing, and no more."""
    now = timezone.now()
    stuck = journey.start(now=now)
    journey.record(stuck, "identifiant", {"nir": LAMY}, now=now)
    Enrolment.objects.filter(pk=stuck.pk).update(tries_left=0)
    journey.start(now=now)
    journal.record(Event.REGISTRATION_REFUSED, enrolment=stuck.pk, detail={"reason": Match.NAME_DIFFERS}, now=now)
    caller = at_desk(an_agent()).visit(REGISTRATIONS)
    caller.sees("nom ou prénom différent du référentiel", "Aider une inscription").does_not_see(LAMY)
    assert caller.page.text.count("gardée") <= 1
    assert caller.client.get(page_of(REGISTRATIONS, stuck)).status_code == 200
    assert LAMY not in caller.visit(page_of(REGISTRATIONS, stuck)).response.content.decode()
    assert caller.visit("/support/").offers("Inscriptions qui n'aboutissent pas : 1")


def test_every_reason_of_a_refusal_has_its_words():
    """What enrolment.completion writes."""
    assert {*Match, "no_address", "account_exists"} - {Match.MATCHED} <= {*desk.REFUSED_BECAUSE}


def test_affiliations_that_ended_are_told_as_such():
    account = an_account()
    Affiliation.objects.filter(member=account.member).update(until=timezone.localdate() - timedelta(days=30))
    request = asked(account, "67")
    at_row(at_desk(an_agent()), page_of(DEPARTMENTS, request)).sees("jusqu'au")
