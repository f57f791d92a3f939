"""Requests of companies and « Autre » at the desk, from the agent's yes to the company's space (R1, R5, R13, R20)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import letters
from accounts.identity.siret import Siret
from accounts.letters.text import compose
from accounts.models import Account, Company, Email, Entry, Event, Letter, Role
from accounts.opening import Establishment
from enrolment import companies
from enrolment.models import RegistrationRequest
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.companies import COMPANY, DETAILS, SIRET, a_request
from tests.stories.caller import Caller, last_mail_to
from tests.stories.signing_in import digits_in_mail_to

pytestmark = pytest.mark.django_db
LIST = "/support/enrolment/registrationrequest/"
KNOWN = {"company": COMPANY, "address": "4 chemin du Moulin", "postcode": "67320", "city": "Drulingen"}
MOVED = {**KNOWN, "address": "9 rue de la Gare"}
CHOSEN = "Grange-Rouge+Vent7"
AN_HOUR, TWO_DAYS = timedelta(hours=1), timedelta(days=2)


def page_of(row: RegistrationRequest) -> str:
    return f"{LIST}{row.pk}/change/"


def post(caller: Caller, place: str, **fields: Any) -> int:
    """A form that no page of ours gave."""
    caller.client.handler.enforce_csrf_checks = False
    return int(caller.client.post(place, fields).status_code)


def accepted(*, ago: timedelta, department: str = "67") -> RegistrationRequest:
    request = a_request(department=department)
    known = Establishment(**KNOWN)
    assert companies.accept(request, establishment=known, by=an_agent(), now=timezone.now() - ago)
    return request


def test_from_the_agent_s_yes_to_the_company_s_space():
    """R1: the code is in the letter and nowhere else; who has it chooses a password and is at home."""
    request, agent = a_request(), an_agent()
    caller = at_desk(agent).visit("/support/").sees("Demandes d'inscription")
    shown = Siret(SIRET).grouped
    caller.visit(LIST).does_not_see("Vasseur", SIRET, shown).follow(request.reference).sees("Odile Vasseur", shown)
    caller.press("Accepter", **KNOWN).sees("C'est accepté", "Rien à afficher ici")
    text = compose(Letter.objects.get())
    assert text.address[2:] == ("4 chemin du Moulin", "67320 DRULINGEN")
    assert text.secret not in caller.visit(page_of(request)).response.content.decode()
    assert text.secret not in last_mail_to(DETAILS["email"])
    [line] = Entry.objects.filter(event=Event.REQUEST_ACCEPTED)
    assert line.detail["by"] == agent.pk.hex
    company = Caller("192.0.2.70").visit("/connexion/entreprise/")
    company.press("Se connecter", login_id=SIRET, password=text.secret)
    company.press("Valider", new_password1=CHOSEN, new_password2=CHOSEN)
    company.follow("Continuer").press("Je confirme mes coordonnées")
    company.press("Valider", code=digits_in_mail_to(DETAILS["email"]))
    company.visit("/mon-entreprise/").sees(COMPANY)
    assert company.path == "/mon-entreprise/"
    assert Account.objects.get(kind=Account.Kind.COMPANY).check_password(CHOSEN)


def test_the_second_agent_reads_the_first_one_s_reason():
    """Issue 5, faults: one outcome, one message."""
    request = a_request()
    first = at_desk(an_agent()).visit(page_of(request))
    second = at_desk(an_agent(Role.LEAD), Caller("192.0.2.71")).visit(page_of(request))
    first.press("Refuser", reason="not_entitled").sees("C'est refusé")
    second.press("Accepter", **KNOWN).sees("Une autre personne", "par Camille Dupré", "agissez pour cette entreprise")
    assert not Company.objects.exists()
    assert "agissez pour cette entreprise" in last_mail_to(DETAILS["email"]).replace("\n", " ")


def test_what_was_typed_stays_when_it_cannot_be_accepted():
    """Missing lines, and a company that has its space already."""
    accepted(ago=TWO_DAYS)
    second = a_request(reference="MNPQ-RTWX")
    caller = at_desk(an_agent()).visit(page_of(second)).press("Accepter", **{**MOVED, "postcode": "6732"})
    caller.sees("Le code postal compte 5 chiffres")
    assert "9 rue de la Gare" in caller.response.content.decode()
    caller.press("Accepter", **MOVED).sees("a déjà son espace", "refusez la demande avec ce motif")
    assert "9 rue de la Gare" in caller.response.content.decode()
    second.refresh_from_db()
    assert second.decided_at is None
    assert Company.objects.get().details["address"] == "4 chemin du Moulin"


def test_another_code_goes_to_the_verified_address():
    """R5, R13: with a reason, which the journal has; never before a day is over."""
    request, agent = accepted(ago=TWO_DAYS), an_agent()
    caller = at_desk(agent).visit(page_of(request)).sees("Acceptée par Camille Dupré")
    assert "4 chemin du Moulin" in caller.response.content.decode()
    caller.press("Envoyer un autre code", **MOVED).sees("Choisissez un motif")
    assert "9 rue de la Gare" in caller.response.content.decode()
    assert Letter.objects.count() == 1
    caller.press("Envoyer un autre code", reason="lost", **MOVED).sees("C'est fait")
    assert compose(Letter.objects.latest("created_at")).address[2] == "9 rue de la Gare"
    [line] = Entry.objects.filter(event=Event.SUPPORT_ACT)
    assert line.detail == {"act": "send_password", "reason": "lost", "by": agent.pk.hex}
    caller.visit(page_of(request)).press("Envoyer un autre code", reason="lost").sees("Aucun courrier n'est parti")
    assert Letter.objects.count() == 2


def test_no_letter_no_trace_of_one():
    """All or nothing: neither another address, nor a line that says an agent has acted (R13, R21)."""
    request, before = accepted(ago=AN_HOUR), Entry.objects.count()
    caller = at_desk(an_agent()).visit(page_of(request))
    caller.press("Envoyer un autre code", reason="lost", **MOVED).sees("un par 24 heures", "Rien n'est enregistré")
    caller.does_not_see("revenu de cette adresse")
    assert "9 rue de la Gare" in caller.response.content.decode()
    assert Company.objects.get().details["address"] == "4 chemin du Moulin"
    assert Letter.objects.count() == 1
    assert Entry.objects.count() == before


def test_an_address_from_which_a_letter_came_back_is_told_apart_from_a_limit():
    """R5."""
    request, agent = accepted(ago=TWO_DAYS), an_agent()
    letter = Letter.objects.get()
    Letter.objects.filter(pk=letter.pk).update(printed_at=letter.created_at, posted_at=letter.created_at)
    letter.refresh_from_db()
    assert letters.mark_returned(letter, by=agent, now=timezone.now())
    before = Entry.objects.count()
    caller = at_desk(agent).visit(page_of(request)).press("Envoyer un autre code", reason="returned", **KNOWN)
    caller.sees("Un courrier est revenu de cette adresse", "Rien n'est enregistré").does_not_see("24 heures")
    assert Entry.objects.count() == before
    caller.press("Envoyer un autre code", reason="returned", **MOVED).sees("C'est fait")
    assert Company.objects.get().details["address"] == "9 rue de la Gare"


@pytest.mark.parametrize("proven", [True, False])
def test_the_company_hears_that_another_code_leaves(proven):
    """Issue 5, 4: at its proven address, with the caisse and the reason; an address that nobody has proven, never."""
    accepted(ago=TWO_DAYS)
    Account.objects.filter(kind=Account.Kind.COMPANY).update(email_proven_at=timezone.now() if proven else None)
    sent = Email.objects.count()
    caller = at_desk(an_agent()).visit(page_of(RegistrationRequest.objects.get()))
    caller.press("Envoyer un autre code", reason="lost", **MOVED).sees("C'est fait")
    assert Email.objects.count() == sent + proven
    if proven:
        told = last_mail_to(DETAILS["email"]).replace("\n", " ")
        assert "un nouveau code par courrier" in told
        assert "Un conseiller de la MSA Alsace l'a fait. Motif\u00a0: le code est perdu." in told
        assert "qui a consulté votre dossier" not in told
        assert "Gare" not in told


def test_a_request_here_is_no_way_to_another_caisse_s_company():
    """R20: whoever types Marseille's SIRET into a request to Alsace moves no letter of Marseille's."""
    accepted(ago=TWO_DAYS, department="13")
    here = a_request(reference="MNPQ-RTWX")
    caller = at_desk(an_agent()).visit(page_of(here)).press("Refuser", reason="double").sees("C'est refusé")
    assert not caller.visit(page_of(here)).offers("Envoyer un autre code")
    assert post(caller, f"{LIST}{here.pk}/autre-code/", reason="lost", **MOVED) == 404
    assert Company.objects.get().details["address"] == "4 chemin du Moulin"
    assert Letter.objects.count() == 1
    marseille = at_desk(an_agent(caisse=ELSEWHERE), Caller("192.0.2.72"))
    assert marseille.visit(page_of(RegistrationRequest.objects.get(department="13"))).offers("Envoyer un autre code")


@pytest.mark.parametrize("verb", ["accepter", "accepter-autre", "refuser", "autre-code"])
def test_another_caisse_s_request_is_not_there(verb):
    """R20: neither for another caisse nor for who only watches, nor by a link, nor without the form's token."""
    request = a_request()
    place = f"{LIST}{request.pk}/{verb}/"
    marseille, auditor, alsace = (
        at_desk(each, Caller(f"192.0.2.{80 + number}"))
        for number, each in enumerate([an_agent(caisse=ELSEWHERE), an_agent(Role.AUDITOR), an_agent()])
    )
    assert alsace.client.get(place).status_code == 405
    assert alsace.client.post(place, {"reason": "double"}).status_code == 403
    assert post(marseille, place, reason="double", **KNOWN) == 404
    assert post(auditor, place, reason="double", **KNOWN) == 404
    assert marseille.client.get(page_of(request)).status_code == 404
    assert RegistrationRequest.objects.get().decided_at is None


def test_a_request_that_waits_has_no_other_code():
    """Nothing leaves before somebody has decided."""
    accepted(ago=TWO_DAYS)
    second = a_request(reference="MNPQ-RTWX")
    assert post(at_desk(an_agent()), f"{LIST}{second.pk}/autre-code/", reason="lost", **KNOWN) == 404
    assert Letter.objects.count() == 1


def test_the_page_of_a_request_asks_little(django_assert_max_num_queries):
    """Issue 5, 10: decided, with the form for another code."""
    request = accepted(ago=AN_HOUR)
    caller = at_desk(an_agent())
    with django_assert_max_num_queries(10):
        caller.visit(page_of(request)).sees("Acceptée")
