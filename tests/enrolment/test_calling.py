"""Telephone-assisted registration: six digits said aloud, attacked first (issue 5, Support desk 7; R5, R12, R20)."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Entry, Event, Role
from enrolment import calling, journey
from enrolment.models import Enrolment
from enrolment.steps import STEPS
from tests.agents import an_agent, at_desk
from tests.stories.caller import Caller
from tests.stories.registering import FIELDS, Registrant, registrant

pytestmark = pytest.mark.django_db
HELP, DESK = "Besoin d'aide au téléphone", "/support/telephone/"


def code_shown(caller: Caller) -> str:
    found = re.search(r"\b(\d{3}) (\d{3})\b", caller.text.partition("lisez ce code")[2])
    assert found, caller.text
    return found[1] + found[2]


def calling_from(slug: str, **other: str) -> tuple[Registrant, str]:
    caller = registrant("lamy", **other)[0].until(slug)
    return caller, code_shown(caller.press(HELP))


def look(digits: str, role: str = Role.AGENT) -> Caller:
    return at_desk(an_agent(role), Caller("192.0.2.200")).visit(DESK).press("Voir où il en est", digits=digits)


# Attacks --------------------------------------------------------------------------------------------------------------


def test_guessing_codes_ends_in_a_wait(settings):
    """R12: for this agent, whatever they type; a right code costs nothing."""
    _, digits = calling_from("coordonnees")
    agent = at_desk(an_agent(), Caller("192.0.2.200")).visit(DESK)
    for _ in range(12):
        agent.visit(DESK).press("Voir où il en est", digits=digits).sees("Vos coordonnées")
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(10):
        agent.visit(DESK).press("Voir où il en est", digits=wrong).sees("ne correspond à aucune inscription")
    agent.visit(DESK).press("Voir où il en est", digits=digits).sees("Attendez").does_not_see("Essais restants")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
def test_who_helps_nobody_finds_no_page(role):
    _, digits = calling_from("coordonnees")
    caller = at_desk(an_agent(role))
    caller.client.handler.enforce_csrf_checks = False
    for place in (DESK, f"{DESK}courrier/"):
        assert caller.client.post(place, {"digits": digits}).status_code == 404
    assert Enrolment.objects.get().tries_left == 3


def test_a_switch_needs_a_form_of_ours_and_the_code():
    _, digits = calling_from("coordonnees")
    caller = at_desk(an_agent())
    assert caller.client.get(f"{DESK}courrier/").status_code == 405
    assert caller.client.post(f"{DESK}courrier/", {"digits": digits}).status_code == 403
    caller.client.handler.enforce_csrf_checks = False
    for typed in ("", "12", "999999" if digits != "999999" else "000000", "x" * 40):
        caller.client.post(f"{DESK}courrier/", {"digits": typed})
    assert Enrolment.objects.get().tries_left == 3


def test_the_code_is_kept_as_a_fingerprint(db):
    """R20: neither the row nor the session has it as it is read."""
    _, digits = calling_from("coordonnees")
    assert Enrolment.objects.get().call_fingerprint
    stored = str(list(Session.objects.values_list("session_data"))) + str(list(Entry.objects.values_list("detail")))
    assert digits not in stored


def test_a_code_lasts_half_an_hour(held_clock):
    caller, digits = calling_from("coordonnees")
    held_clock.shift(timedelta(minutes=29))
    look(digits).sees("Vos coordonnées")
    caller.visit(caller.path).sees("lisez ce code")
    held_clock.shift(timedelta(minutes=2))
    look(digits).sees("ne correspond à aucune inscription")
    caller.visit(caller.path).does_not_see("lisez ce code")


def test_another_code_replaces_the_first():
    caller = registrant("lamy")[0].until("coordonnees")
    first = code_shown(caller.press(HELP))
    enrolment = Enrolment.objects.get()
    second = calling.begin(enrolment, now=timezone.now())
    if first != second:
        assert calling.find(first, now=timezone.now()) is None
    assert calling.find(second, now=timezone.now()) == enrolment


def test_a_code_that_somebody_else_reads_is_not_given_twice(monkeypatch):
    """Unique while it lives; free again after that."""
    now = timezone.now()
    drawn = iter([123456, 123456, 654321, 123456])
    monkeypatch.setattr(calling.secrets, "randbelow", lambda top: next(drawn))
    first, second, third = (journey.start(now=now) for _ in range(3))
    assert calling.begin(first, now=now) == "123456"
    assert calling.begin(second, now=now) == "654321"
    later = now + timedelta(minutes=31)
    assert calling.begin(third, now=later) == "123456"
    assert calling.find("123456", now=later) == third


def test_an_agent_never_sees_an_answer():
    """R20: step, since when, tries left; of what was typed nothing, whatever the step."""
    caller, digits = calling_from("numero-de-serie")
    answers = caller.answers
    agent = look(digits).sees("Vérification de votre identité", "Essais restants", "3")
    html = agent.response.content.decode()
    for name in ("nir", "birth_name", "given_names", "birth_date", "email", "mobile", "vitale_serial"):
        assert answers[name] not in html, name
    [line] = Entry.objects.filter(event=Event.REGISTRATION_ASSISTED)
    assert line.enrolment == Enrolment.objects.get().pk
    assert set(line.detail) == {"by"}


# The caller's page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [each for each in FIELDS if each != "demande"])
def test_every_page_of_the_registration_has_the_button(slug):
    other = {"health_cover": "no"} if slug == "paiement" else {}
    caller = registrant("lamy", **other)[0].until(slug)
    before = Enrolment.objects.filter(completed_at=None).count()
    caller.press(HELP).sees("lisez ce code", "09 69 36 37 03", "jamais vos réponses")
    assert caller.slug == slug
    assert Enrolment.objects.count() == (before or 1)
    look(code_shown(caller)).sees(next(step.title for step in STEPS if step.slug == slug))


def test_four_pages_of_one_title_are_told_apart():
    """Issue 5, Support desk 7: the question that the caller's page asks, in its words, and no answer."""
    asked = {
        "affiliation": "Êtes-vous affilié à la MSA",
        "carte-vitale": "Votre carte Vitale est...",
        "numero-de-serie": "Numéro de série de votre carte Vitale",
    }
    for slug, question in asked.items():
        _, digits = calling_from(slug)
        others = [each for each in asked.values() if each != question]
        look(digits).sees("Ce que sa page demande", question).does_not_see("avec photo", *others)


def test_what_was_typed_stays_and_is_not_taken():
    """Nothing is lost by asking for help in the middle of a page."""
    caller = registrant("lamy")[0].until("coordonnees")
    caller.press(HELP, birth_name="LAMYY", email="pas une adresse")
    html = caller.response.content.decode()
    assert 'value="LAMYY"' in html
    assert 'value="pas une adresse"' in html
    assert "À corriger" not in html
    assert "coordonnees" not in Enrolment.objects.get().answers
    caller.answer()
    caller.sees("lisez ce code")


# The letter path ------------------------------------------------------------------------------------------------------


def test_an_agent_puts_the_caller_on_the_way_of_the_letter():
    """R5: as after three wrong answers; the caller's next page follows."""
    caller, digits = calling_from("numero-de-serie")
    agent = look(digits).press("Passer au courrier").sees("sur le chemin du courrier")
    assert Enrolment.objects.get().tries_left == 0
    [line] = Entry.objects.filter(event=Event.REGISTRATION_SENT_TO_POST)
    assert line.detail["left"] == 3
    caller.answer()
    assert caller.slug == "mot-de-passe"
    caller.sees("courrier")
    look(digits).sees("chemin du courrier")
    assert not agent.offers("Passer au courrier")


def test_who_is_proven_needs_no_letter():
    """An agent's page of before: the caller was quicker."""
    caller, digits = calling_from("numero-de-serie")
    agent = look(digits)
    caller.answer()
    agent.press("Passer au courrier").sees("elle a avancé entre-temps")
    assert Enrolment.objects.get().tries_left == 3
    assert not Entry.objects.filter(event=Event.REGISTRATION_SENT_TO_POST).exists()


def test_what_is_finished_or_abandoned_is_nobody_s_call():
    caller, digits = calling_from("conditions")
    caller.finish()
    look(digits).sees("ne correspond à aucune inscription")
    other, code = calling_from("munissez-vous", nir="2 72 03 67 582 905")
    other.visit("/inscription/abandonner/").press("Abandonner")
    look(code).sees("ne correspond à aucune inscription")
